/*-------------------------------------------------------------------------
 *
 * fake.h
 *	  Servers of a test's own: an instance that speaks just enough of
 *	  PostgreSQL's protocol, and conmgrs that say what the test wants.
 *
 *-------------------------------------------------------------------------
 */
#ifndef LIBPQCM_FAKE_H
#define LIBPQCM_FAKE_H

#include <stddef.h>
#include <stdint.h>

/* What it answers to a question. */
typedef enum FakeKind
{
	FAKE_REDIRECT, /* a conmgr: sends to "port" at "hostaddr" */
	FAKE_REFUSE,   /* a conmgr that knows no such instance */
	FAKE_BYTES,	   /* "bytes", and then silence */
	FAKE_SLOW,	   /* as FAKE_REDIRECT, a byte each 50 ms */
	FAKE_SILENT,   /* accepts, and says nothing */
	FAKE_CLOSE,	   /* closes at once */
	FAKE_N,		   /* an instance that answers 'N' */
	FAKE_G		   /* an instance that answers 'G' */
} FakeKind;

typedef struct Fake Fake;

/* Listens on 127.0.0.1; one thread for each connection. */
extern Fake *fake_start(FakeKind kind);
extern void	 fake_stop(Fake *fake);

extern int fake_port(const Fake *fake);

/* For conmgrs: where to send. */
extern void
fake_send_to(Fake *fake, const char *host, const char *hostaddr, int port);
extern void fake_say(Fake *fake, const void *bytes, size_t length);

/* For conmgrs: the min_lsn that they say they have heeded. */
extern void fake_heed(Fake *fake, const char *lsn);

/* For instances: whether new sessions are on a standby. */
extern void fake_set_standby(Fake *fake, int standby);

/* How many connections were accepted; questions, start-ups, cancels read. */
extern int fake_accepted(const Fake *fake);
extern int fake_asked(const Fake *fake);
extern int fake_started(const Fake *fake);
extern int fake_cancelled(const Fake *fake);

/* target_session_attrs of the last question. */
extern const char *fake_last_attrs(const Fake *fake);

/* For conmgrs: a notice to everybody, or their end. */
extern void fake_notify(Fake *fake);
extern void fake_drop(Fake *fake);

/*
 * Its host answers no SYN any more, as one that is gone; and it does again,
 * once the kernel has sent the next one.
 */
extern void fake_fall_silent(Fake *fake);
extern void fake_answer_again(Fake *fake);

/* Connections that are open. */
extern int fake_open(const Fake *fake);

extern int64_t now_us(void);
extern void	   pause_ms(int ms);

#endif /* LIBPQCM_FAKE_H */
