/*-------------------------------------------------------------------------
 *
 * real.c
 *	  Loads the real libpq.
 *
 * By its path, so that the loader does not take us for it (we have its
 * SONAME); with RTLD_LOCAL, so that nobody else finds it; never RTLD_DEEPBIND
 * or dlmopen(): those give the process a second malloc.
 *
 * All of this happens in a constructor, in one thread.
 *
 *-------------------------------------------------------------------------
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <link.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "data.h"
#include "handle.h"
#include "real.h"

CmReal cm_real;
int	   cm_real_version;

/* Generated, see forward.h */
extern void				*cm_forward_targets[];
extern const char *const cm_forward_names[];
extern const uint32_t	 cm_forward_count;

static void		*library;
static uintptr_t text_start;
static uintptr_t text_end;

/* Stands for each function that the real libpq lacks. */
static long
missing_function(void)
{
	static bool said;

	if (!said)
	{
		said = true;
		fprintf(stderr,
				"libpqcm: a function was called that libpq %d does not have\n",
				cm_real_version / 10000);
	}
	return 0;
}

void *
cm_real_function(const char *name)
{
	return library != NULL ? dlsym(library, name) : NULL;
}

static void *
function_or_missing(const char *name)
{
	void *function = cm_real_function(name);

	return function != NULL ? function : (void *) missing_function;
}

/* Where the library's code is, by its link map. */
static int
find_text(struct dl_phdr_info *info, size_t size, void *map)
{
	(void) size;
	if (info->dlpi_addr != ((struct link_map *) map)->l_addr)
		return 0;
	for (int i = 0; i < info->dlpi_phnum; i++)
	{
		const ElfW(Phdr) *part = &info->dlpi_phdr[i];

		if (part->p_type == PT_LOAD && (part->p_flags & PF_X) != 0)
		{
			text_start = info->dlpi_addr + part->p_vaddr;
			text_end = text_start + part->p_memsz;
		}
	}
	return 1;
}

static void
open_library(void)
{
	/* For tests and for systems with several; ignored in setuid programs. */
	const char		*path = secure_getenv("LIBPQCM_LIBPQ");
	struct link_map *map;

	if (path == NULL || path[0] != '/')
		path = LIBPQ_PATH;
	library = dlopen(path, RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE);
	if (library == NULL)
		fprintf(stderr, "libpqcm: the real libpq cannot be loaded: %s\n",
				dlerror());
	else if (dlinfo(library, RTLD_DI_LINKMAP, &map) == 0)
		dl_iterate_phdr(find_text, map);
}

static void
copy_data(void)
{
	for (const CmData *data = cm_data; data->name != NULL; data++)
	{
		const void *theirs = cm_real_function(data->name);
		Dl_info		info;
		ElfW(Sym) * symbol;
		size_t size = data->size;

		/* An older libpq may have less of it. */
		if (theirs == NULL ||
			dladdr1(theirs, &info, (void **) &symbol, RTLD_DL_SYMENT) == 0 ||
			symbol == NULL)
			continue;
		if (symbol->st_size < size)
			size = symbol->st_size;
		memcpy(data->ours, theirs, size);
	}
}

__attribute__((constructor)) static void
load(void)
{
	int (*version)(void);

	cm_reserve_range();
	open_library();
	for (uint32_t i = 0; i < cm_forward_count; i++)
		cm_forward_targets[i] = function_or_missing(cm_forward_names[i]);
#define CM_REAL_LOOKUP(name) cm_real.name = function_or_missing(#name);
	CM_REAL_FUNCTIONS(CM_REAL_LOOKUP)
#undef CM_REAL_LOOKUP
	version = (int (*)(void)) cm_real_function("PQlibVersion");
	cm_real_version = version != NULL ? version() : 0;
	copy_data();
}

static void
say_why_not(void)
{
	int major = cm_real_version / 10000;

	if (major < CM_OLDEST_TESTED || major > CM_NEWEST_TESTED)
		fprintf(stderr,
				"libpqcm: libpq %d is not one of the versions %d to %d that "
				"this was tested with; conmgr is not used\n",
				major, CM_OLDEST_TESTED, CM_NEWEST_TESTED);
	else
		fprintf(stderr,
				"libpqcm: no address range for handles; conmgr is not used\n");
}

bool
cm_may_front(void)
{
	static pthread_once_t said = PTHREAD_ONCE_INIT;
	int					  major = cm_real_version / 10000;

	if (major >= CM_OLDEST_TESTED && major <= CM_NEWEST_TESTED && cm_has_range())
		return true;
	if (major > 0)
		pthread_once(&said, say_why_not);
	return false;
}

bool
cm_called_by_real(const void *return_address)
{
	uintptr_t address = (uintptr_t) return_address;

	return address >= text_start && address < text_end;
}
