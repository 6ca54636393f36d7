/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _DMX_ACCESS_H
#define _DMX_ACCESS_H

#include <linux/stddef.h>
#include <linux/types.h>

#include "view.h"

int dmx_field_check(const struct dmx_view *v, u64 index, u64 offset,
		    u32 width);
int dmx_read_field(const struct dmx_view *v, u64 index, u64 offset, u32 width,
		   u64 *value);
int dmx_write_field(const struct dmx_view *v, u64 index, u64 offset, u32 width,
		    u64 value);
void dmx_copy_from(const struct dmx_view *v, size_t offset, void *to,
		   size_t len);
void dmx_copy_to(const struct dmx_view *v, size_t offset, const void *from,
		 size_t len);

/**
 * dmx_dma_read() - read a member of an element
 * @v: struct dmx_view of elements of @type, by its address
 * @index: the element, from 0
 * @type: type of the elements
 * @member: member of @type, 1, 2, 4 or 8 bytes wide
 * @value: pointer to u64, where the value goes
 *
 * Return: as dmx_read_field().
 */
#define dmx_dma_read(v, index, type, member, value)			\
	dmx_read_field((v), (index), offsetof(type, member),		\
		       sizeof_field(type, member), (value))

/**
 * dmx_dma_write() - write a member of an element
 * @v: struct dmx_view of elements of @type, by its address
 * @index: the element, from 0
 * @type: type of the elements
 * @member: member of @type, 1, 2, 4 or 8 bytes wide
 * @value: the value
 *
 * Return: as dmx_write_field().
 */
#define dmx_dma_write(v, index, type, member, value)			\
	dmx_write_field((v), (index), offsetof(type, member),		\
			sizeof_field(type, member), (value))

#endif
