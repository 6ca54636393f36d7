// SPDX-License-Identifier: GPL-2.0
#include "binding.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "former.h"
#include "sysfs.h"
#include "uses.h"

static const char own[] = "dmaexer";

/* How sysfs spells a driver_override that is not there. */
static const char unset[] = "(null)";

/* "/sys/bus/pci/drivers/e1000e" */
static const char *driver_dir(const struct binding *binding,
			      const char *driver, char *buf)
{
	snprintf(buf, PATH_MAX, "/sys/bus/%s/drivers/%s", binding->bus,
		 driver);
	return buf;
}

/* The driver that has it, "" for none. */
static const char *driver_get(const struct binding *binding, char *buf)
{
	sysfs_link(binding->dir, "driver", buf, NAME_MAX + 1);
	return buf;
}

static bool driver_is(const struct binding *binding, const char *driver)
{
	char now[NAME_MAX + 1];

	return !strcmp(driver_get(binding, now), driver);
}

static int override_get(const struct binding *binding, char *buf, size_t size)
{
	int err = sysfs_read(binding->dir, "driver_override", buf, size);

	if (!strcmp(buf, unset))
		buf[0] = '\0';
	return err;
}

int binding_open(struct binding *binding, const char *bus, const char *name,
		 struct error *error)
{
	char path[PATH_MAX];

	binding->bus = bus;
	binding->name = name;
	snprintf(path, sizeof(path), "/sys/bus/%s", bus);
	if (access(path, F_OK))
		return error_set(error, ENOENT, "this kernel has no bus %s",
				 bus);
	snprintf(path, sizeof(path), "/sys/bus/%s/devices/%s", bus, name);
	if (!realpath(path, binding->dir))
		return error_set(error, errno,
				 "there is no device %s on bus %s", name, bus);
	return 0;
}

/* Has a driver let go of it; that it has none is what counts. */
static int unbind_from(const struct binding *binding, const char *driver)
{
	char dir[PATH_MAX];
	int err = sysfs_write(driver_dir(binding, driver, dir), "unbind",
			      binding->name);

	if (!driver_is(binding, driver))
		return 0;
	return err ? err : -EBUSY;
}

static int bind_to(const struct binding *binding, const char *driver)
{
	char dir[PATH_MAX];
	int err = sysfs_write(driver_dir(binding, driver, dir), "bind",
			      binding->name);

	if (driver_is(binding, driver))
		return 0;
	return err ? err : -ENODEV;
}

static int override_restore(const struct binding *binding,
			    const struct former *former, struct error *error)
{
	char override[sizeof(former->override)];
	int err = override_get(binding, override, sizeof(override));

	if (!err && !strcmp(override, own))
		err = sysfs_write(binding->dir, "driver_override",
				  former->override);
	if (err)
		return error_set(error, -err,
				 "driver_override of %s cannot be put back to \"%s\"",
				 binding->name, former->override);
	return 0;
}

/* That the former driver has it counts, whoever gave it back. */
static int driver_restore(const struct binding *binding,
			  const struct former *former, struct error *error)
{
	char driver[NAME_MAX + 1];
	int err = 0;

	if (former->driver[0] && driver_is(binding, ""))
		err = bind_to(binding, former->driver);
	driver_get(binding, driver);
	if (!strcmp(driver, former->driver))
		return 0;
	if (!driver[0])
		return error_set(error, err ? -err : ENODEV,
				 "%s, which had %s, does not take it back",
				 former->driver, binding->name);
	return error_set(error, EBUSY,
			 "%s has taken %s meanwhile, which %s had", driver,
			 binding->name,
			 former->driver[0] ? former->driver : "no driver");
}

/*
 * Whatever was done is undone, step by step; a step that is not needed, because
 * the one before was never made, is left out. The override comes first: as long
 * as it says dmaexer, any rescan of the bus binds a free device to it again.
 */
static int put_back(const struct binding *binding,
		    const struct former *former, struct error *error)
{
	int err = override_restore(binding, former, error);

	if (err)
		return err;
	if (driver_is(binding, own)) {
		err = unbind_from(binding, own);
		if (err)
			return error_set(error, -err,
					 "dmaexer does not let go of %s",
					 binding->name);
	}
	err = driver_restore(binding, former, error);
	if (!err)
		former_forget(binding->bus, binding->name);
	return err;
}

/*
 * What an earlier command noted, and whether it did. A note that cannot be read
 * is not taken for none: nothing would be put back.
 */
static int note_find(const struct binding *binding, struct former *former,
		     bool *known, struct error *error)
{
	int err = former_load(binding->dir, binding->bus, binding->name,
			      former);

	*known = !err;
	if (!err || err == -ENOENT)
		return 0;
	return error_set(error, -err, "what %s was cannot be read in %s",
			 binding->name, FORMER_DIR);
}

/*
 * What is to be put back one day. Where an earlier command was ended in the
 * middle, what it had found still counts.
 */
static int former_find(const struct binding *binding, struct former *former,
		       struct error *error)
{
	struct former earlier;
	bool known;
	int err = note_find(binding, &earlier, &known, error);

	if (err)
		return err;
	memset(former, 0, sizeof(*former));
	driver_get(binding, former->driver);
	err = override_get(binding, former->override,
			   sizeof(former->override));
	if (err)
		return error_set(error, EOPNOTSUPP,
				 "%s has no driver_override that can be read",
				 binding->name);
	if (known && !former->driver[0])
		snprintf(former->driver, sizeof(former->driver), "%s",
			 earlier.driver);
	if (known && !strcmp(former->override, own))
		snprintf(former->override, sizeof(former->override), "%s",
			 earlier.override);
	return 0;
}

static bool is_bridge(const struct binding *binding)
{
	char class[16];

	/* The class of bridges; those to another bus have devices behind. */
	return !strcmp(binding->bus, "pci") &&
	       !sysfs_read(binding->dir, "class", class, sizeof(class)) &&
	       !strncmp(class, "0x06", 4);
}

/* Looks whether it may be taken, before anything is changed. */
static int take_check(const struct binding *binding,
		      const struct former *former, bool force,
		      struct error *error)
{
	char dir[PATH_MAX];
	char uses[256];
	char driver[NAME_MAX + 1];

	if (access(driver_dir(binding, own, dir), F_OK))
		return error_set(error, EOPNOTSUPP,
				 "the module takes no devices of bus %s",
				 binding->bus);
	if (is_bridge(binding))
		return error_set(error, EOPNOTSUPP,
				 "%s is a bridge, other devices depend on it",
				 binding->name);
	driver_get(binding, driver);
	driver_dir(binding, driver, dir);
	if (driver[0] && !sysfs_has(dir, "unbind"))
		return error_set(error, EOPNOTSUPP,
				 "%s, which has %s, never lets go of a device",
				 former->driver, binding->name);
	if (force || !uses_find(binding->dir, uses, sizeof(uses)))
		return 0;
	return error_set(error, EBUSY,
			 "%s is in use: %s; --force takes it all the same",
			 binding->name, uses);
}

/* The steps that change something. */
static int take_steps(const struct binding *binding, struct error *error)
{
	char driver[NAME_MAX + 1];
	int err;

	err = sysfs_write(binding->dir, "driver_override", own);
	if (err)
		return error_set(error, -err,
				 "driver_override of %s cannot be set",
				 binding->name);
	driver_get(binding, driver);
	if (driver[0]) {
		err = unbind_from(binding, driver);
		if (err)
			return error_set(error, -err,
					 "%s does not let go of %s", driver,
					 binding->name);
	}
	err = bind_to(binding, own);
	if (err == -EEXIST)
		return error_set(error, -err,
				 "dmaexer has something else that is named %s",
				 binding->name);
	if (err)
		return error_set(error, -err, "dmaexer does not take %s",
				 binding->name);
	return 0;
}

static int take_locked(const struct binding *binding, bool force,
		       struct error *error)
{
	struct former former;
	struct error undo;
	int err;

	if (driver_is(binding, own))
		return error_set(error, EBUSY, "%s is bound to dmaexer already",
				 binding->name);
	err = former_find(binding, &former, error);
	if (!err)
		err = take_check(binding, &former, force, error);
	if (err)
		return err;
	err = former_save(binding->dir, binding->bus, binding->name, &former);
	if (err)
		return error_set(error, -err,
				 "what %s was cannot be remembered in %s",
				 binding->name, FORMER_DIR);
	err = take_steps(binding, error);
	if (err && put_back(binding, &former, &undo)) {
		size_t len = strlen(error->text);

		snprintf(error->text + len, sizeof(error->text) - len,
			 "; then %s (%s)", undo.text, error_name(undo.number));
	}
	return err;
}

static int release_locked(const struct binding *binding, struct error *error)
{
	char driver[NAME_MAX + 1];
	struct former former;
	bool known;
	int err = note_find(binding, &former, &known, error);

	if (err)
		return err;
	driver_get(binding, driver);
	if (!strcmp(driver, own) && !known) {
		/* Bound by hand, or by its device tree: no more is known. */
		err = unbind_from(binding, own);
		if (!err)
			return 0;
		return error_set(error, -err, "dmaexer does not let go of %s",
				 binding->name);
	}
	if (known && (!driver[0] || !strcmp(driver, own) ||
		      !strcmp(driver, former.driver)))
		return put_back(binding, &former, error);
	return error_set(error, ENOENT, "%s is not bound to dmaexer%s%s",
			 binding->name, driver[0] ? ", but to " : "", driver);
}

/*
 * One at a time, and a signal waits until a device is here or there: what
 * cannot wait, like SIGKILL, is what former_find() is for.
 */
static int lock(sigset_t *before, struct error *error)
{
	int fd = former_lock();
	sigset_t all;

	if (fd == -EACCES)
		return error_set(error, EPERM,
				 "%s may not be locked; run it as root",
				 FORMER_DIR);
	if (fd < 0)
		return error_set(error, -fd, "%s cannot be locked",
				 FORMER_DIR);
	sigfillset(&all);
	sigprocmask(SIG_BLOCK, &all, before);
	return fd;
}

static void unlock(int fd, const sigset_t *before)
{
	close(fd);
	sigprocmask(SIG_SETMASK, before, NULL);
}

int binding_take(const struct binding *binding, bool force,
		 struct error *error)
{
	sigset_t before;
	int fd = lock(&before, error);
	int err;

	if (fd < 0)
		return fd;
	err = take_locked(binding, force, error);
	unlock(fd, &before);
	return err;
}

int binding_release(const struct binding *binding, struct error *error)
{
	sigset_t before;
	int fd = lock(&before, error);
	int err;

	if (fd < 0)
		return fd;
	err = release_locked(binding, error);
	unlock(fd, &before);
	return err;
}
