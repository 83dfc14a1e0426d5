/*-------------------------------------------------------------------------
 *
 * guc.h
 *	  The parameters of the extension.
 *
 *-------------------------------------------------------------------------
 */
#ifndef WATCHDOG_GUC_H
#define WATCHDOG_GUC_H

#include "termination.h"

typedef enum WdSharedAddress
{
	WD_SHARED_ADDRESS_SPARE = 0,
	WD_SHARED_ADDRESS_END = 1
} WdSharedAddress;

typedef enum WdJavaHostChoice
{
	WD_JAVA_HOST_EMBEDDED,
	WD_JAVA_HOST_PLJAVA
} WdJavaHostChoice;

/* Fixed when the postmaster starts */
extern int	 wd_port;
extern int	 wd_check_attr_interval;
extern int	 wd_max_heartbeat_connections;
extern int	 wd_java_host;
extern char *wd_database;
extern char *wd_libjvm;
extern char *wd_jvm_options;
extern char *wd_secret_file;
extern char *wd_listen_addresses;

/* Changed by a reload */
extern int	wd_terminate;
extern bool wd_terminate_walsenders;
extern int	wd_shared_address;

/* The blocks of watchdog.allowed_conmgrs */
typedef struct WdAllowed
{
	uint32	generation; /* another one whenever the list was set anew */
	uint16	count;
	WdBlock blocks[FLEXIBLE_ARRAY_MEMBER];
} WdAllowed;

extern const WdAllowed *wd_allowed;

extern void wd_guc_define(void);

#endif /* WATCHDOG_GUC_H */
