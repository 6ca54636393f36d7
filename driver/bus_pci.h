/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _DMX_BUS_PCI_H
#define _DMX_BUS_PCI_H

#ifdef CONFIG_PCI
int dmx_pci_init(void);
void dmx_pci_exit(void);
#else
static inline int dmx_pci_init(void)
{
	return 0;
}

static inline void dmx_pci_exit(void)
{
}
#endif

#endif
