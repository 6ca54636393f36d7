// SPDX-License-Identifier: GPL-2.0
/* How a kernel mapping uses the caches, as the processor sees it. */

#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/pgtable.h>
#include <linux/types.h>

#ifdef CONFIG_ARM64
#include <linux/irqflags.h>
#include <asm/barrier.h>
#include <asm/sysreg.h>
#endif

#include "caching.h"

#ifdef CONFIG_X86

/* What the page table entry selects, by the kernel's own table. */
static int lookup(const void *addr, enum dmaexer_caching *caching)
{
	static const u8 modes[][2] = {
		{ _PAGE_CACHE_MODE_WB, DMAEXER_CACHING_WRITE_BACK },
		{ _PAGE_CACHE_MODE_WT, DMAEXER_CACHING_WRITE_THROUGH },
		{ _PAGE_CACHE_MODE_WC, DMAEXER_CACHING_WRITE_COMBINING },
		{ _PAGE_CACHE_MODE_UC_MINUS, DMAEXER_CACHING_UNCACHED },
		{ _PAGE_CACHE_MODE_UC, DMAEXER_CACHING_UNCACHED },
	};
	unsigned int level;
	pgprot_t prot;
	pte_t *pte;
	size_t i;

	pte = lookup_address((unsigned long)addr, &level);
	if (!pte || !pte_present(*pte))
		return -EFAULT;

	/* the bit is elsewhere in an entry for a large page */
	prot = pte_pgprot(*pte);
	if (level != PG_LEVEL_4K)
		prot = pgprot_large_2_4k(prot);

	for (i = 0; i < ARRAY_SIZE(modes); i++) {
		if ((pgprot_val(prot) & _PAGE_CACHE_MASK) ==
		    cachemode2protval(modes[i][0])) {
			*caching = modes[i][1];
			return 0;
		}
	}
	return -EOPNOTSUPP;
}

#elif defined(CONFIG_ARM64)

/* What the processor makes of the address, as PAR_EL1 has it. */
static int lookup(const void *addr, enum dmaexer_caching *caching)
{
	unsigned long flags;
	u8 memattr;
	u64 par;

	local_irq_save(flags);
	asm volatile("at s1e1r, %0" : : "r" (addr));
	isb();
	par = read_sysreg_par();
	local_irq_restore(flags);
	if (par & SYS_PAR_EL1_F)
		return -EFAULT;

	/* outer attributes in the upper half, inner ones in the lower */
	memattr = par >> 56;
	if (!(memattr & 0xf0))
		*caching = DMAEXER_CACHING_UNCACHED;
	else if (memattr == 0x44)
		*caching = DMAEXER_CACHING_WRITE_COMBINING;
	else if (memattr >= 0xc0)
		*caching = DMAEXER_CACHING_WRITE_BACK;
	else
		*caching = DMAEXER_CACHING_WRITE_THROUGH;
	return 0;
}

#else

static int lookup(const void *addr, enum dmaexer_caching *caching)
{
	return -EOPNOTSUPP;
}

#endif

/**
 * dmx_caching() - look up how a kernel address is cached
 * @addr: an address, which is not followed
 * @caching: where the answer goes
 *
 * Return: 0; -EFAULT where nothing is mapped; -EOPNOTSUPP where it cannot be
 * told.
 */
int dmx_caching(const void *addr, enum dmaexer_caching *caching)
{
	return lookup(addr, caching);
}
