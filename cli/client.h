/* SPDX-License-Identifier: GPL-2.0 */
/*
 * One function for each request of the netlink family. Each returns 0 or
 * -errno, with the reason in the error that client_open() was given. Objects
 * that are handed in are initialised; what a function fills in is to be freed,
 * also when it fails.
 */
#ifndef DMX_CLIENT_H
#define DMX_CLIENT_H

#include "error.h"
#include "nl.h"
#include "object.h"

/**
 * struct client - a connection to the module
 * @nl: its socket
 * @error: where refusals are explained
 */
struct client {
	struct nl nl;
	struct error *error;
};

int client_open(struct client *client, struct error *error);
void client_close(struct client *client);

int client_dev_get(struct client *client, uint32_t id, struct object *dev);
int client_dev_list(struct client *client, struct objects *devs);
int client_dev_new(struct client *client, const struct object *request,
		   struct object *dev);
int client_dev_set(struct client *client, const struct object *request,
		   struct object *dev);
int client_dev_del(struct client *client, uint32_t id);

int client_buf_get(struct client *client, uint32_t id, struct object *buf);
/* @dev is the number of a device, or 0 for the buffers of all. */
int client_buf_list(struct client *client, uint32_t dev, struct objects *bufs);
int client_buf_new(struct client *client, const struct object *request,
		   struct object *buf);
int client_buf_share(struct client *client, uint32_t id, struct object *buf);
int client_buf_del(struct client *client, uint32_t id);
int client_buf_read(struct client *client, const struct object *request,
		    struct object *field);
int client_buf_write(struct client *client, const struct object *request);
int client_buf_fill(struct client *client, const struct object *request);
int client_buf_check(struct client *client, const struct object *request,
		     struct object *result);

int client_postmortem_get(struct client *client, uint32_t id,
			  struct object *postmortem);
int client_postmortem_list(struct client *client,
			   struct objects *postmortems);
int client_postmortem_del(struct client *client, uint32_t id);

int client_xfer_run(struct client *client, const struct object *request,
		    struct object *result);

/* The netlink port, which is the owner of what was asked for here. */
uint32_t client_port(const struct client *client);

int client_protect_run(struct client *client, const struct object *request,
		       struct object *result);

int client_fault_set(struct client *client, const struct object *request,
		     struct object *fault);
int client_fault_list(struct client *client, struct objects *faults);

/*
 * Events. client_event() takes in those that are there and calls @event with
 * the name of each, like "buf-new", and the object; -ENOBUFS where some were
 * lost.
 */
struct event_sink {
	int (*event)(void *arg, const char *name, const struct object *object);
	void *arg;
};

int client_listen(struct client *client);
int client_fd(const struct client *client);
int client_event(struct client *client, struct event_sink *sink);

#endif
