/*-------------------------------------------------------------------------
 *
 * handle.c
 *	  The slots in which handles live.
 *
 *-------------------------------------------------------------------------
 */
#include <pthread.h>
#include <string.h>
#include <sys/mman.h>

#include "handle.h"

/* Pages are made usable so many slots at a time. */
#define SLOTS_AT_A_TIME 1024

/* A freed slot rests until so many others were freed after it. */
#define RESTING_SLOTS 64

/* No pointer and no integer argument falls into a range that starts here. */
#define NO_RANGE ((uintptr_t) 1 << (sizeof(uintptr_t) * 8 - 1))

#define SLOT_COUNT ((uint32_t) ((1u << CM_RANGE_BITS) / sizeof(CmHandle)))

_Static_assert(sizeof(CmHandle) == 64, "a handle is one cache line");

uintptr_t cm_range_base = NO_RANGE;

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

/* Under the lock.  Free slots are a queue. */
static uint32_t used;
static uint32_t usable;
static uint32_t free_head;
static uint32_t free_tail;
static uint32_t free_count;
static uint32_t generations;

/* A free slot: only "real", which is NULL, means what it does in a handle. */
typedef struct FreeSlot
{
	PGconn	*real;
	uint32_t next;
} FreeSlot;

void
cm_lock(void)
{
	pthread_mutex_lock(&lock);
}

void
cm_unlock(void)
{
	pthread_mutex_unlock(&lock);
}

static void
fresh_lock(void)
{
	pthread_mutex_init(&lock, NULL);
}

void
cm_reserve_range(void)
{
	void *range = mmap(NULL, (size_t) 1 << CM_RANGE_BITS, PROT_NONE,
					   MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

	if (range == MAP_FAILED)
		return;
	cm_range_base = (uintptr_t) range;
	pthread_atfork(cm_lock, cm_unlock, fresh_lock);
}

bool
cm_has_range(void)
{
	return cm_range_base != NO_RANGE;
}

CmHandle *
cm_handle_at(uint32_t slot)
{
	return (CmHandle *) cm_range_base + slot;
}

uint32_t
cm_handle_slot(const CmHandle *handle)
{
	return (uint32_t) (handle - (CmHandle *) cm_range_base);
}

uint32_t
cm_handle_count(void)
{
	return used;
}

static CmHandle *
take_slot(void)
{
	if (free_count > RESTING_SLOTS || (used == SLOT_COUNT && free_count > 0))
	{
		uint32_t slot = free_head;

		free_head = ((FreeSlot *) cm_handle_at(slot))->next;
		free_count--;
		return cm_handle_at(slot);
	}
	if (used == SLOT_COUNT)
		return NULL;
	if (used == usable)
	{
		if (mprotect(cm_handle_at(used), SLOTS_AT_A_TIME * sizeof(CmHandle),
					 PROT_READ | PROT_WRITE) != 0)
			return NULL;
		usable += SLOTS_AT_A_TIME;
	}
	return cm_handle_at(used++);
}

CmHandle *
cm_handle_allocate(void)
{
	CmHandle *handle;

	cm_lock();
	handle = take_slot();
	if (handle != NULL)
	{
		memset(handle, 0, sizeof(*handle));
		handle->watch.conmgr_fd = -1;
		handle->watch.sql_fd = -1;
		handle->generation = ++generations;
	}
	cm_unlock();
	return handle;
}

void
cm_handle_free(CmHandle *handle)
{
	uint32_t slot = cm_handle_slot(handle);

	cm_lock();
	memset(handle, 0, sizeof(*handle));
	handle->watch.conmgr_fd = -1;
	if (free_count == 0)
		free_head = slot;
	else
		((FreeSlot *) cm_handle_at(free_tail))->next = slot;
	free_tail = slot;
	free_count++;
	cm_unlock();
}
