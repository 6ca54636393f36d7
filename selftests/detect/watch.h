/* SPDX-License-Identifier: GPL-2.0 */
#ifndef DMX_DETECT_WATCH_H
#define DMX_DETECT_WATCH_H

/**
 * dmx_watch_start() - have the DMA API's detector see all that is ours
 *
 * What drivers of platform devices leave behind is looked for from then on, for
 * good. A driver_filter lets through what is ours until dmx_watch_stop().
 *
 * Context: process context, sleeps.
 * Return: 0, or a negative errno where the kernel has no such detector.
 */
int dmx_watch_start(void);

/**
 * dmx_watch_stop() - leave driver_filter as it is
 *
 * Context: process context, sleeps.
 */
void dmx_watch_stop(void);

#endif
