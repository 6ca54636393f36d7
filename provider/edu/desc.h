/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _EDU_DESC_H
#define _EDU_DESC_H

#include <linux/dmaengine.h>
#include <linux/list.h>
#include <linux/types.h>

struct edu_hw;

/**
 * struct edu_desc - one memcpy
 * @tx: what the client has of it
 * @node: in one of the lists of the channel
 * @result: what the client is told
 * @src: DMA address
 * @dst: DMA address
 * @size: bytes
 * @copied: bytes that are at @dst
 * @fetched: bytes behind those that are in the device's own buffer, or 0
 */
struct edu_desc {
	struct dma_async_tx_descriptor tx;
	struct list_head node;
	struct dmaengine_result result;
	dma_addr_t src;
	dma_addr_t dst;
	u32 size;
	u32 copied;
	u32 fetched;
};

struct edu_desc *edu_desc_new(struct dma_chan *chan, dma_addr_t dst,
			      dma_addr_t src, u32 size, unsigned long flags);
void edu_desc_put_list(struct list_head *descs);
void edu_desc_start(struct edu_desc *desc, struct edu_hw *hw);
bool edu_desc_advance(struct edu_desc *desc);
dma_cookie_t edu_desc_submit(struct edu_desc *desc);
void edu_desc_complete(struct edu_desc *desc,
		       enum dmaengine_tx_result result);
void edu_desc_report(struct edu_desc *desc);

/**
 * to_edu_desc() - find the descriptor
 * @tx: what the client has of it
 *
 * Return: the descriptor.
 */
static inline struct edu_desc *to_edu_desc(struct dma_async_tx_descriptor *tx)
{
	return container_of(tx, struct edu_desc, tx);
}

/**
 * edu_desc_residue() - ask how much is left
 * @desc: the descriptor
 *
 * Return: bytes that are not at their destination yet.
 */
static inline u32 edu_desc_residue(const struct edu_desc *desc)
{
	return desc->size - desc->copied;
}

#endif
