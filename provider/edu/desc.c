// SPDX-License-Identifier: GPL-2.0
/*
 * One memcpy, as a series of chunks, each in two steps: from RAM to the
 * device's own buffer, and from there to RAM.
 *
 * What a driver needs to handle cookies and callbacks is private to drivers/dma
 * in the kernel, and not among its headers.
 */

#include <linux/minmax.h>
#include <linux/slab.h>

#include "desc.h"
#include "hw.h"

/**
 * edu_desc_new() - prepare a memcpy
 * @chan: its channel
 * @dst: DMA address
 * @src: DMA address
 * @size: bytes, not 0
 * @flags: enum dma_ctrl_flags
 *
 * Return: the descriptor, to be freed by edu_desc_put_list(), or NULL.
 */
struct edu_desc *edu_desc_new(struct dma_chan *chan, dma_addr_t dst,
			      dma_addr_t src, u32 size, unsigned long flags)
{
	struct edu_desc *desc = kzalloc(sizeof(*desc), GFP_NOWAIT);

	if (!desc)
		return NULL;
	dma_async_tx_descriptor_init(&desc->tx, chan);
	desc->tx.flags = flags;
	desc->src = src;
	desc->dst = dst;
	desc->size = size;
	return desc;
}

/**
 * edu_desc_put_list() - free descriptors that the device is done with
 * @descs: the list, empty afterwards
 */
void edu_desc_put_list(struct list_head *descs)
{
	struct edu_desc *next;
	struct edu_desc *desc;

	list_for_each_entry_safe(desc, next, descs, node) {
		list_del(&desc->node);
		dma_descriptor_unmap(&desc->tx);
		kfree(desc);
	}
}

/**
 * edu_desc_start() - start the next step
 * @desc: the descriptor
 * @hw: the device, idle
 */
void edu_desc_start(struct edu_desc *desc, struct edu_hw *hw)
{
	u32 chunk = min_t(u32, edu_desc_residue(desc), EDU_STEP_MAX);

	if (desc->fetched)
		edu_hw_store(hw, desc->dst + desc->copied, desc->fetched);
	else
		edu_hw_fetch(hw, desc->src + desc->copied, chunk);
}

/**
 * edu_desc_advance() - note that the step that was started last is done
 * @desc: the descriptor
 *
 * Return: true if it was the last one.
 */
bool edu_desc_advance(struct edu_desc *desc)
{
	if (desc->fetched) {
		desc->copied += desc->fetched;
		desc->fetched = 0;
	} else {
		desc->fetched = min_t(u32, edu_desc_residue(desc),
				      EDU_STEP_MAX);
	}
	return !edu_desc_residue(desc);
}

/**
 * edu_desc_submit() - give a descriptor the next cookie of its channel
 * @desc: the descriptor
 *
 * Context: the channel is locked.
 * Return: the cookie.
 */
dma_cookie_t edu_desc_submit(struct edu_desc *desc)
{
	struct dma_chan *chan = desc->tx.chan;

	if (chan->cookie == INT_MAX)
		chan->cookie = DMA_MIN_COOKIE;
	else
		chan->cookie++;
	desc->tx.cookie = chan->cookie;
	return chan->cookie;
}

/**
 * edu_desc_complete() - settle the result of a descriptor
 * @desc: the descriptor; of those submitted, no earlier one is incomplete
 * @result: what the client is going to be told
 *
 * Context: the channel is locked.
 */
void edu_desc_complete(struct edu_desc *desc, enum dmaengine_tx_result result)
{
	desc->result.result = result;
	desc->result.residue = edu_desc_residue(desc);
	desc->tx.chan->completed_cookie = desc->tx.cookie;
	desc->tx.cookie = 0;
}

/**
 * edu_desc_report() - tell the client that a descriptor is complete
 * @desc: the descriptor
 *
 * Context: softirq, where clients expect their callbacks; nothing is locked,
 * since they submit more from there.
 */
void edu_desc_report(struct edu_desc *desc)
{
	struct dma_async_tx_descriptor *tx = &desc->tx;

	dma_descriptor_unmap(tx);
	if (tx->callback_result)
		tx->callback_result(tx->callback_param, &desc->result);
	else if (tx->callback)
		tx->callback(tx->callback_param);
	dma_run_dependencies(tx);
}
