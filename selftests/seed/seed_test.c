// SPDX-License-Identifier: GPL-2.0
/*
 * The rules of driver/dma/, asserted by a module that has nothing else of
 * dmaexer. Loading it runs the tests, whose KTAP goes to the kernel log.
 */

#include <linux/dma-mapping.h>
#include <linux/err.h>
#include <linux/module.h>
#include <linux/platform_device.h>
#include <linux/string.h>

#include "dma/access.h"
#include "dma/attrs.h"
#include "dma/box.h"
#include "dma/coherent.h"
#include "dma/direction.h"
#include "dma/handle.h"
#include "dma/managed.h"
#include "dma/mask.h"
#include "dma/noncoherent.h"
#include "dma/noncontiguous.h"
#include "dma/pages.h"
#include "dma/pool.h"

#define GFP	GFP_KERNEL

static struct device *dev;
static int failures;

static void expect(bool holds, const char *text, int line)
{
	if (holds)
		return;
	pr_info("# line %d: %s\n", line, text);
	failures++;
}

#define EXPECT(condition)	expect((condition), #condition, __LINE__)

static void test_mask(void)
{
	u64 mask = 42;

	EXPECT(DMX_MASK(0) == 0);
	EXPECT(DMX_MASK(1) == 1);
	EXPECT(DMX_MASK(24) == DMA_BIT_MASK(24));
	EXPECT(DMX_MASK(64) == U64_MAX);
	EXPECT(dmx_mask_try(65, &mask) == -EINVAL && mask == 42);
	EXPECT(dmx_mask_try(U32_MAX, &mask) == -EINVAL && mask == 42);
	EXPECT(!dmx_mask_try(0, &mask) && mask == 0);
	EXPECT(!dmx_mask_try(63, &mask) && mask == U64_MAX >> 1);
	EXPECT(!dmx_mask_try(64, &mask) && mask == U64_MAX);
}

static void test_attrs(void)
{
	u32 two = DMA_ATTR_NO_WARN | DMA_ATTR_PRIVILEGED;

	EXPECT(dmx_attrs_contain(two, DMA_ATTR_NO_WARN));
	EXPECT(dmx_attrs_contain(two, two));
	EXPECT(dmx_attrs_contain(two, 0));
	EXPECT(!dmx_attrs_contain(DMA_ATTR_NO_WARN, two));
	EXPECT(!dmx_attrs_unknown(DMX_ATTRS_ALL));
	EXPECT(hweight32(DMX_ATTRS_ALL) == 9);
	EXPECT(dmx_attrs_unknown(~0) == ~(u32)DMX_ATTRS_ALL);
	EXPECT(dmx_attrs_unknown(BIT(0) | DMA_ATTR_NO_WARN) == BIT(0));
}

static void test_direction(void)
{
	EXPECT(!dmx_direction_check(DMA_BIDIRECTIONAL));
	EXPECT(!dmx_direction_check(DMA_TO_DEVICE));
	EXPECT(!dmx_direction_check(DMA_FROM_DEVICE));
	EXPECT(dmx_direction_check(DMA_NONE) == -EINVAL);
	EXPECT(dmx_direction_check(U32_MAX) == -EINVAL);
}

/* A refusal leaves the allocation as it was: empty. */
static void refused(int expected, u64 elem_size, u64 count, u32 attrs)
{
	struct dmx_coherent c = { };

	EXPECT(dmx_coherent_zeroed(&c, dev, elem_size, count, GFP, attrs) ==
	       expected);
	EXPECT(!c.dev && !c.cpu_addr);
}

static void test_refusals(void)
{
	refused(-EINVAL, 0, 1, 0);
	refused(-EINVAL, 1, 0, 0);
	refused(-ENOMEM, 1ULL << 33, 1ULL << 33, 0);
	refused(-ENOMEM, 2, 1ULL << 63, 0);
	refused(-ENOMEM, U64_MAX, U64_MAX, 0);
	refused(-ENOMEM, 1, SIZE_MAX, 0);
	refused(-EINVAL, 1, 1, BIT(0));
	refused(-EINVAL, 1, 1, BIT(31));
	refused(-EINVAL, 1, 1, DMA_ATTR_NO_KERNEL_MAPPING);
}

static void test_zeroed(void)
{
	u32 attrs = DMA_ATTR_NO_WARN | DMA_ATTR_FORCE_CONTIGUOUS;
	struct dmx_coherent c = { };
	int refs = kref_read(&dev->kobj.kref);

	EXPECT(!dmx_coherent_zeroed(&c, dev, 12, 1000, GFP, attrs));
	EXPECT(dmx_coherent_size(&c) == 12000);
	EXPECT(dmx_coherent_len(&c) == 1000);
	EXPECT(c.attrs == attrs);
	EXPECT(dmx_coherent_dma_addr(&c) + 12000 - 1 <=
	       dev->coherent_dma_mask);
	EXPECT(!memchr_inv(c.cpu_addr, 0, 12000));
	EXPECT(kref_read(&dev->kobj.kref) == refs + 1);

	memset(c.cpu_addr, 0x5a, 12000);
	dmx_coherent_free(&c);
	EXPECT(!c.cpu_addr);
	EXPECT(kref_read(&dev->kobj.kref) == refs);
}

static int init_counting(void *mem, size_t size, void *ctx)
{
	u32 *calls = ctx;

	(*calls)++;
	memset(mem, 0xa5, size);
	return 0;
}

static int init_failing(void *mem, size_t size, void *ctx)
{
	u32 *calls = ctx;

	(*calls)++;
	return -EDOM;
}

static void test_init(void)
{
	int refs = kref_read(&dev->kobj.kref);
	struct dmx_coherent c = { };
	u32 calls = 0;
	const struct dmx_init good = { .fn = init_counting, .ctx = &calls };
	const struct dmx_init bad = { .fn = init_failing, .ctx = &calls };

	EXPECT(!dmx_coherent_from_slice(&c, dev, "dmaexer", 2, 4, GFP, 0));
	EXPECT(dmx_coherent_len(&c) == 4 && !memcmp(c.cpu_addr, "dmaexer", 8));
	dmx_coherent_free(&c);

	EXPECT(!dmx_coherent_init(&c, dev, 8, 8, GFP, 0, &good));
	EXPECT(calls == 1 && !memchr_inv(c.cpu_addr, 0xa5, 64));
	dmx_coherent_free(&c);

	EXPECT(dmx_coherent_init(&c, dev, 8, 8, GFP, 0, &bad) == -EDOM);
	EXPECT(calls == 2 && !c.cpu_addr);
	EXPECT(dmx_coherent_init(&c, dev, 0, 8, GFP, 0, &bad) == -EINVAL);
	EXPECT(calls == 2);
	EXPECT(kref_read(&dev->kobj.kref) == refs);
}

static void test_box(void)
{
	static const u32 data[] = { 1, 2, 3, 4 };
	union {
		struct dmx_box box;
		struct dmx_coherent coherent;
	} both = { };
	struct dmx_coherent c = { };
	struct dmx_box box = { };
	dma_addr_t addr;
	u32 calls = 0;
	const struct dmx_init good = { .fn = init_counting, .ctx = &calls };
	const struct dmx_init bad = { .fn = init_failing, .ctx = &calls };

	EXPECT(!dmx_box_from_slice(&box, dev, data, 4, 4, GFP, 0));
	EXPECT(dmx_box_size(&box) == 16);
	EXPECT(!memcmp(dmx_box_mem(&box), data, 16));
	EXPECT(dmx_box_init_at(&box, 4, &good) == -EINVAL && !calls);
	EXPECT(dmx_box_init_at(&box, U64_MAX, &good) == -EINVAL && !calls);
	EXPECT(!dmx_box_init_at(&box, 2, &good) && calls == 1);
	EXPECT(((u32 *)dmx_box_mem(&box))[1] == 2);
	EXPECT(((u32 *)dmx_box_mem(&box))[2] == 0xa5a5a5a5);
	EXPECT(((u32 *)dmx_box_mem(&box))[3] == 4);
	EXPECT(dmx_box_init_at(&box, 0, &bad) == -EDOM);

	addr = box.inner.dma_addr;
	dmx_box_share(&box, &c);
	EXPECT(!dmx_box_mem(&box));
	EXPECT(dmx_coherent_dma_addr(&c) == addr);
	EXPECT(((u32 *)c.cpu_addr)[3] == 4);
	dmx_coherent_free(&c);

	EXPECT(!dmx_box_zeroed(&both.box, dev, 4, 4, GFP, 0));
	addr = both.box.inner.dma_addr;
	dmx_box_share(&both.box, &both.coherent);
	EXPECT(dmx_coherent_dma_addr(&both.coherent) == addr);
	dmx_coherent_free(&both.coherent);

	EXPECT(!dmx_box_zeroed(&box, dev, 1, 5000, GFP, 0));
	EXPECT(!memchr_inv(dmx_box_mem(&box), 0, 5000));
	dmx_box_free(&box);
	EXPECT(dmx_box_init(&box, dev, 1, 1, GFP, 0, &bad) == -EDOM);
	EXPECT(!dmx_box_mem(&box));
}

struct descriptor {
	__u8 flags;
	__u16 len;
	__u32 next;
	__u64 addr;
};

static void test_fields(void)
{
	struct dmx_coherent c = { };
	struct descriptor *d;
	struct dmx_view v;
	u64 value = 42;

	EXPECT(!dmx_coherent_zeroed(&c, dev, sizeof(*d), 3, GFP, 0));
	d = c.cpu_addr;
	v = dmx_coherent_view(&c);

	EXPECT(!dmx_dma_write(&v, 2, struct descriptor, flags, 0xff));
	EXPECT(!dmx_dma_write(&v, 1, struct descriptor, next, 0xdeadbeef));
	EXPECT(d[2].flags == 0xff && d[1].next == 0xdeadbeef);
	EXPECT(d[2].len == 0 && d[1].addr == 0 && d[0].next == 0);
	EXPECT(!dmx_dma_read(&v, 1, struct descriptor, next, &value));
	EXPECT(value == 0xdeadbeef);
	if (sizeof(long) == 8) {
		EXPECT(!dmx_dma_write(&v, 0, struct descriptor, addr,
				      U64_MAX));
		EXPECT(d[0].addr == U64_MAX && d[1].flags == 0);
	} else {
		EXPECT(dmx_dma_write(&v, 0, struct descriptor, addr, 1) ==
		       -EOPNOTSUPP);
	}

	value = 42;
	EXPECT(dmx_read_field(&v, 3, 0, 1, &value) == -EINVAL);
	EXPECT(dmx_read_field(&v, U64_MAX, 0, 1, &value) == -EINVAL);
	EXPECT(dmx_read_field(&v, 0, sizeof(*d), 1, &value) == -EINVAL);
	EXPECT(dmx_read_field(&v, 0, sizeof(*d) - 2, 4, &value) == -EINVAL);
	EXPECT(dmx_read_field(&v, 0, U64_MAX, 1, &value) == -EINVAL);
	EXPECT(dmx_read_field(&v, 0, 2, 4, &value) == -EINVAL);
	EXPECT(dmx_read_field(&v, 0, 0, 0, &value) == -EINVAL);
	EXPECT(dmx_read_field(&v, 0, 0, 3, &value) == -EINVAL);
	EXPECT(dmx_read_field(&v, 0, 0, 16, &value) == -EINVAL);
	EXPECT(dmx_write_field(&v, 0, 0, 1, 0x100) == -EINVAL);
	EXPECT(value == 42 && d[0].flags == 0);
	dmx_coherent_free(&c);
}

/* Every range of up to three words, at every alignment. */
static void test_copy(void)
{
	struct dmx_coherent c = { };
	struct dmx_view v;
	size_t off;
	size_t len;
	u8 out[24];
	u8 in[24];
	u8 *mem;

	EXPECT(!dmx_coherent_zeroed(&c, dev, 1, 64, GFP, 0));
	mem = c.cpu_addr;
	v = dmx_coherent_view(&c);
	for (off = 0; off < sizeof(in); off++)
		in[off] = off + 1;

	for (off = 0; off < 16; off++) {
		for (len = 0; len <= sizeof(in); len++) {
			memset(mem, 0xee, 64);
			memset(out, 0xdd, sizeof(out));
			dmx_copy_to(&v, off, in, len);
			EXPECT(!memcmp(mem + off, in, len));
			EXPECT(!memchr_inv(mem, 0xee, off));
			EXPECT(!memchr_inv(mem + off + len, 0xee,
					   64 - off - len));
			dmx_copy_from(&v, off, out, len);
			EXPECT(!memcmp(out, in, len));
			EXPECT(!memchr_inv(out + len, 0xdd,
					   sizeof(out) - len));
		}
	}
	dmx_coherent_free(&c);
}

static void test_handle(void)
{
	int refs = kref_read(&dev->kobj.kref);
	struct dmx_handle h = { };

	EXPECT(dmx_handle_alloc(&h, dev, 0, GFP, 0) == -EINVAL);
	EXPECT(dmx_handle_alloc(&h, dev, 1, GFP, BIT(3)) == -EINVAL);
	EXPECT(!h.dev);

	EXPECT(!dmx_handle_alloc(&h, dev, 5000, GFP, DMA_ATTR_NO_WARN));
	EXPECT(h.attrs == (DMA_ATTR_NO_WARN | DMA_ATTR_NO_KERNEL_MAPPING));
	EXPECT(h.size == 5000);
	EXPECT(h.dma_addr + 5000 - 1 <= dev->coherent_dma_mask);
	EXPECT(kref_read(&dev->kobj.kref) == refs + 1);
	dmx_handle_free(&h);
	EXPECT(!h.cookie && kref_read(&dev->kobj.kref) == refs);
}

static void test_turns(void)
{
	unsigned int refs = kref_read(&dev->kobj.kref);
	struct dmx_noncontiguous s = { };
	struct dmx_noncoherent n = { };
	enum dmx_direction dir;

	EXPECT(dmx_noncoherent_alloc(&n, dev, 1, 0, 0, GFP) == -EINVAL);
	EXPECT(dmx_noncoherent_alloc(&n, dev, 1, 9, DMX_NONE, GFP) == -EINVAL);
	EXPECT(dmx_noncoherent_alloc_pages(&n, dev, 1, 9, DMX_NONE, GFP) ==
	       -EINVAL);
	EXPECT(dmx_noncontiguous_alloc(&s, dev, 1, 9, DMX_NONE, GFP, 0) ==
	       -EINVAL);
	EXPECT(dmx_noncontiguous_alloc(&s, dev, 1, 9, DMX_TO_DEVICE, GFP,
				       DMA_ATTR_WEAK_ORDERING) == -EINVAL);
	EXPECT(dmx_noncontiguous_alloc(&s, dev, U64_MAX, 2, 0, GFP, 0) ==
	       -ENOMEM);

	for (dir = DMX_BIDIRECTIONAL; dir < DMX_NONE; dir++) {
		EXPECT(!dmx_noncoherent_alloc(&n, dev, 7, 900, dir, GFP));
		EXPECT(n.dir == dir && dmx_noncoherent_size(&n) == 6300);
		EXPECT(kref_read(&dev->kobj.kref) == refs + 1);
		dmx_noncoherent_free(&n);
		EXPECT(!n.cpu_addr && kref_read(&dev->kobj.kref) == refs);
	}
}

static void test_pool(void)
{
	unsigned int refs = kref_read(&dev->kobj.kref);
	struct dmx_dma_pool p = { };
	struct dmx_view v;
	size_t len;

	EXPECT(dmx_dma_pool_create(&p, dev, 0, 3, 1, 0) == -EINVAL);
	EXPECT(dmx_dma_pool_create(&p, dev, 40, 3, 0, 0) == -EINVAL);
	EXPECT(dmx_dma_pool_create(&p, dev, 40, 3, 48, 0) == -EINVAL);
	EXPECT(dmx_dma_pool_create(&p, dev, 40, 3, 1, 96) == -EINVAL);
	EXPECT(dmx_dma_pool_create(&p, dev, 40, 3, 1, 32) == -EINVAL);

	EXPECT(!dmx_dma_pool_create(&p, dev, 40, 3, 64, 64));
	EXPECT(dmx_dma_pool_more(&p, GFP) == 1);
	EXPECT(dmx_dma_pool_more(&p, GFP) == 1);
	EXPECT(dmx_dma_pool_more(&p, GFP) == 0);
	v = dmx_dma_pool_view(&p);
	EXPECT(dmx_view_at(&v, 41, &len) == p.cpu_addrs[1] + 1 && len == 39);
	dmx_dma_pool_destroy(&p);
	EXPECT(!p.pool && kref_read(&dev->kobj.kref) == refs);
}

static void test_pages(void)
{
	struct dmx_pages p = { };

	EXPECT(dmx_pages_alloc(&p, DMX_SHAPE_LINEAR, 1, 9, 1, GFP) == -EINVAL);
	EXPECT(dmx_pages_alloc(&p, DMX_SHAPE_SCATTERED, 1, 9, 1, GFP) ==
	       -EINVAL);
	EXPECT(dmx_pages_alloc(&p, DMX_SHAPE_OFFSET, 1, PAGE_SIZE, 1, GFP) ==
	       -EINVAL);
	EXPECT(dmx_pages_alloc(&p, DMX_SHAPE_SMALL, 1, 1, PAGE_SIZE, GFP) ==
	       -EINVAL);
	EXPECT(dmx_pages_alloc(&p, DMX_SHAPE_SMALL, 0, 1, 0, GFP) == -EINVAL);

	EXPECT(!dmx_pages_alloc(&p, DMX_SHAPE_SMALL, 1, 9, 3, GFP));
	EXPECT(!dmx_pages_more(&p, GFP) && dmx_pages_segments(&p) == 1);
	EXPECT(dmx_pages_mmap(&p, NULL) == -EOPNOTSUPP);
	dmx_pages_free(&p);
	EXPECT(!p.mem);
}

static void test_managed(void)
{
	unsigned int refs = kref_read(&dev->kobj.kref);
	struct dmx_managed m = { };

	EXPECT(dmx_managed_zeroed(&m, dev, 1, 0, GFP, 0) == -EINVAL);
	EXPECT(dmx_managed_zeroed(&m, dev, 1, 9, GFP, BIT(0)) == -EINVAL);
	EXPECT(dmx_managed_zeroed(&m, dev, 1, 9, GFP,
				  DMA_ATTR_FORCE_CONTIGUOUS) == -EINVAL);
	EXPECT(!dmx_managed_zeroed(&m, dev, 1, 5000, GFP, 0));
	EXPECT(kref_read(&dev->kobj.kref) == refs + 1);
	dmx_managed_free(&m);
	EXPECT(!m.inner.cpu_addr && kref_read(&dev->kobj.kref) == refs);
}

static const struct {
	const char *name;
	void (*run)(void);
} tests[] = {
	{ "a mask has the bits asked for, up to 64", test_mask },
	{ "attributes are sets, unknown bits are told", test_attrs },
	{ "none is no direction of a mapping", test_direction },
	{ "sizes and attributes are refused by their rules", test_refusals },
	{ "coherent memory is zeroed and holds the device", test_zeroed },
	{ "an initialiser that fails leaves nothing", test_init },
	{ "a box is the CPU's until it is shared", test_box },
	{ "a field access stays within bounds and width", test_fields },
	{ "a copy touches its range alone", test_copy },
	{ "a handle always asks for no kernel mapping", test_handle },
	{ "memory in turns has a direction, and is freed", test_turns },
	{ "a pool has powers of two, and an object is a piece", test_pool },
	{ "pages keep to the shape that they have", test_pages },
	{ "managed memory takes what it can be freed with", test_managed },
};

static int __init seed_test_init(void)
{
	struct platform_device *pdev;
	int failed = 0;
	int i;

	pdev = platform_device_register_simple("dmx_seed_test",
					       PLATFORM_DEVID_NONE, NULL, 0);
	if (IS_ERR(pdev))
		return PTR_ERR(pdev);
	dev = &pdev->dev;

	pr_info("KTAP version 1\n");
	pr_info("1..%zu\n", ARRAY_SIZE(tests));
	for (i = 0; i < ARRAY_SIZE(tests); i++) {
		failures = 0;
		tests[i].run();
		failed += !!failures;
		pr_info("%sok %d %s\n", failures ? "not " : "", i + 1,
			tests[i].name);
	}

	platform_device_unregister(pdev);
	return failed ? -EINVAL : 0;
}
module_init(seed_test_init);

static void __exit seed_test_exit(void)
{
}
module_exit(seed_test_exit);

MODULE_DESCRIPTION("Tests of the DMA library of dmaexer");
MODULE_LICENSE("GPL");
