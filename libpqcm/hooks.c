/*-------------------------------------------------------------------------
 *
 * hooks.c
 *	  The process-wide hooks that are called with a connection: they must
 *	  get the application's handle.
 *
 *-------------------------------------------------------------------------
 */
#include <stddef.h>

#include "export.h"
#include "real.h"
#include "settings.h"

/* As in libpq-fe.h of 18; the headers at hand may be older. */
typedef int (*AuthDataHook)(int type, PGconn *conn, void *data);

extern void			PQsetAuthDataHook(AuthDataHook hook);
extern AuthDataHook PQgetAuthDataHook(void);
extern int			PQdefaultAuthDataHook(int type, PGconn *conn, void *data);

static PQsslKeyPassHook_OpenSSL_type key_pass_hook;
static AuthDataHook					 auth_data_hook;

static int
call_key_pass_hook(char *buf, int size, PGconn *conn)
{
	return key_pass_hook(buf, size, cm_callback_conn(conn));
}

CM_EXPORT void
PQsetSSLKeyPassHook_OpenSSL(PQsslKeyPassHook_OpenSSL_type hook)
{
	key_pass_hook = hook;
	cm_real.PQsetSSLKeyPassHook_OpenSSL(hook != NULL ? call_key_pass_hook
													 : NULL);
}

CM_EXPORT PQsslKeyPassHook_OpenSSL_type
PQgetSSLKeyPassHook_OpenSSL(void)
{
	PQsslKeyPassHook_OpenSSL_type hook = cm_real.PQgetSSLKeyPassHook_OpenSSL();

	return hook == call_key_pass_hook ? key_pass_hook : hook;
}

CM_EXPORT int
PQdefaultSSLKeyPassHook_OpenSSL(char *buf, int size, PGconn *conn)
{
	return cm_real.PQdefaultSSLKeyPassHook_OpenSSL(buf, size, cm_unwrap(conn));
}

/*
 * 18.  What a hook leaves behind for later (PGoauthBearerRequest.async) is
 * called with the real connection, which every function takes as well.
 */
static int
call_auth_data_hook(int type, PGconn *conn, void *data)
{
	return auth_data_hook(type, cm_callback_conn(conn), data);
}

CM_EXPORT void
PQsetAuthDataHook(AuthDataHook hook)
{
	void (*real)(AuthDataHook) =
		(void (*)(AuthDataHook)) cm_real_function("PQsetAuthDataHook");

	auth_data_hook = hook;
	if (real != NULL)
		real(hook != NULL ? call_auth_data_hook : NULL);
}

CM_EXPORT AuthDataHook
PQgetAuthDataHook(void)
{
	AuthDataHook (*real)(void) =
		(AuthDataHook(*)(void)) cm_real_function("PQgetAuthDataHook");
	AuthDataHook hook = real != NULL ? real() : NULL;

	return hook == call_auth_data_hook ? auth_data_hook : hook;
}

CM_EXPORT int
PQdefaultAuthDataHook(int type, PGconn *conn, void *data)
{
	int (*real)(int, PGconn *, void *) =
		(int (*)(int, PGconn *, void *)) cm_real_function(
			"PQdefaultAuthDataHook");

	return real != NULL ? real(type, cm_unwrap(conn), data) : 0;
}
