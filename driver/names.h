/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _DMX_NAMES_H
#define _DMX_NAMES_H

/*
 * Words for the numbers of the netlink spec, as the spec spells them. A number
 * without a word is "?".
 */

const char *dmx_attr_name(unsigned int bit);
const char *dmx_backend_name(unsigned int backend);
const char *dmx_caching_name(unsigned int caching);
const char *dmx_check_name(unsigned int check);
const char *dmx_direction_name(unsigned int direction);
const char *dmx_domain_name(unsigned int domain);
const char *dmx_fault_op_name(unsigned int op);
const char *dmx_gfp_name(unsigned int gfp);
const char *dmx_kind_name(unsigned int kind);
const char *dmx_mapping_name(unsigned int mapping);
const char *dmx_pool_name(unsigned int pool);
const char *dmx_shape_name(unsigned int shape);
const char *dmx_swiotlb_name(unsigned int swiotlb);
const char *dmx_verdict_name(unsigned int verdict);

#endif
