/*-------------------------------------------------------------------------
 *
 * guc.c
 *	  The parameters of the extension: one table, defined from it.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include <limits.h>

#include "compat.h"
#include "guc.h"
#include "tick.h"

#define DEFAULT_JVM_OPTIONS \
	"-Xss512k -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -XX:-UsePerfData"

int	  wd_port;
int	  wd_check_attr_interval;
int	  wd_max_heartbeat_connections;
int	  wd_java_host;
char *wd_database;
char *wd_libjvm;
char *wd_jvm_options;
char *wd_secret_file;
int	  wd_terminate;
bool  wd_terminate_walsenders;
int	  wd_shared_address;
char *wd_listen_addresses;

const WdAllowed *wd_allowed;
static char		*allowed_conmgrs;

static const struct config_enum_entry terminate_choices[] = {
	{"on", WD_TERMINATE_ON, false},
	{"log", WD_TERMINATE_LOG, false},
	{"off", WD_TERMINATE_OFF, false},
	{NULL, 0, false},
};

static const struct config_enum_entry shared_address_choices[] = {
	{"spare", WD_SHARED_ADDRESS_SPARE, false},
	{"end", WD_SHARED_ADDRESS_END, false},
	{NULL, 0, false},
};

static const struct config_enum_entry java_host_choices[] = {
	{"embedded", WD_JAVA_HOST_EMBEDDED, false},
	{"pljava", WD_JAVA_HOST_PLJAVA, false},
	{NULL, 0, false},
};

typedef struct IntParameter
{
	const char *name;
	const char *text;
	int		   *value;
	int			boot;
	int			min;
	int			max;
	int			flags;
} IntParameter;

typedef struct EnumParameter
{
	const char					   *name;
	const char					   *text;
	int							   *value;
	int								boot;
	const struct config_enum_entry *choices;
	GucContext						context;
} EnumParameter;

typedef struct StringParameter
{
	const char		   *name;
	const char		   *text;
	const char		   *detail;
	char			  **value;
	const char		   *boot;
	GucContext			context;
	int					flags;
	GucStringCheckHook	check;
	GucStringAssignHook assign;
} StringParameter;

static bool
refuse(const char *name, const WdListProblem *problem)
{
	GUC_check_errmsg("invalid value for parameter \"%s\": \"%s\"", name,
					 problem->element);
	GUC_check_errdetail("%s", problem->detail);
	GUC_check_errhint("%s", problem->hint);
	return false;
}

static bool
check_listen_addresses(char **value, void **extra, GucSource source)
{
	WdListProblem problem;

	return wd_listen_list_check(*value, &problem) ||
		   refuse("watchdog.listen_addresses", &problem);
}

static bool
check_allowed_conmgrs(char **value, void **extra, GucSource source)
{
	static uint32  generation = 0;
	static WdBlock blocks[WD_MAX_BLOCKS];
	uint16		   count;
	WdListProblem  problem;
	WdAllowed	  *allowed;

	if (!wd_blocks_parse(*value, blocks, &count, &problem))
		return refuse("watchdog.allowed_conmgrs", &problem);
	allowed =
		wd_guc_malloc(offsetof(WdAllowed, blocks) + count * sizeof(WdBlock));
	if (allowed == NULL)
		return false;
	allowed->generation = ++generation;
	allowed->count = count;
	memcpy(allowed->blocks, blocks, count * sizeof(WdBlock));
	*extra = allowed;
	return true;
}

static void
assign_allowed_conmgrs(const char *value, void *extra)
{
	wd_allowed = extra;
}

/* A negative default stands for max_connections. */
static const IntParameter int_parameters[] = {
	{"watchdog.port",
	 "TCP port on which the watchdog awaits connection managers.", &wd_port,
	 27545, 1, 65535, 0},
	{"watchdog.check_attr_interval",
	 "Time between two looks at the state of this instance.",
	 &wd_check_attr_interval, 1000, 1, INT_MAX, GUC_UNIT_MS},
	/* The table of peers must fit into one Java array. */
	{"watchdog.max_heartbeat_connections",
	 "Maximum number of connection managers that may be connected.",
	 &wd_max_heartbeat_connections, -1, 1, INT_MAX / WD_PEER_ROW_BYTES, 0},
};

static const EnumParameter enum_parameters[] = {
	{"watchdog.terminate",
	 "Whether the sessions of a dead client host end, or are only logged.",
	 &wd_terminate, WD_TERMINATE_ON, terminate_choices, PGC_SIGHUP},
	{"watchdog.shared_address",
	 "What happens to an address that another live host uses as well.",
	 &wd_shared_address, WD_SHARED_ADDRESS_SPARE, shared_address_choices,
	 PGC_SIGHUP},
	{"watchdog.java_host", "Where the watchdog's Java code runs.",
	 &wd_java_host, WD_JAVA_HOST_EMBEDDED, java_host_choices, PGC_POSTMASTER},
};

static const StringParameter string_parameters[] = {
	{"watchdog.listen_addresses",
	 "Addresses on which the watchdog awaits connection managers.",
	 "Host names and addresses, * for all of this host, empty for none.",
	 &wd_listen_addresses, "*", PGC_POSTMASTER, GUC_LIST_INPUT,
	 check_listen_addresses, NULL},
	{"watchdog.allowed_conmgrs",
	 "Addresses from which connection managers may connect.",
	 "Addresses and CIDR blocks, * for all, empty for none. Those that are connected stay.",
	 &allowed_conmgrs, "*", PGC_SIGHUP, GUC_LIST_INPUT | GUC_SUPERUSER_ONLY,
	 check_allowed_conmgrs, assign_allowed_conmgrs},
	{"watchdog.database", "Database that has the extension watchdog_pljava.",
	 "Only for watchdog.java_host = pljava.", &wd_database, "postgres",
	 PGC_POSTMASTER, GUC_SUPERUSER_ONLY, NULL, NULL},
	{"watchdog.libjvm", "Path of the libjvm.so to use.",
	 "If empty, it is looked for below JAVA_HOME and /usr/lib/jvm.", &wd_libjvm,
	 "", PGC_POSTMASTER, GUC_SUPERUSER_ONLY, NULL, NULL},
	{"watchdog.jvm_options",
	 "Options for the watchdog's JVM, separated by blanks.",
	 "Without -Xmx, the heap is sized by watchdog.max_heartbeat_connections.",
	 &wd_jvm_options, DEFAULT_JVM_OPTIONS, PGC_POSTMASTER, GUC_SUPERUSER_ONLY,
	 NULL, NULL},
	{"watchdog.secret_file",
	 "File with the secret shared with the connection managers.",
	 "Relative to the data directory. If empty, everybody who can connect to watchdog.port is taken for a connection manager.",
	 &wd_secret_file, "", PGC_POSTMASTER, GUC_SUPERUSER_ONLY, NULL, NULL},
};

/* Defines all parameters; only while shared_preload_libraries are loaded. */
void
wd_guc_define(void)
{
	for (int i = 0; i < (int) lengthof(int_parameters); i++)
	{
		const IntParameter *p = &int_parameters[i];

		DefineCustomIntVariable(p->name, p->text, NULL, p->value,
								p->boot < 0 ? MaxConnections : p->boot, p->min,
								p->max, PGC_POSTMASTER, p->flags, NULL, NULL,
								NULL);
	}
	for (int i = 0; i < (int) lengthof(enum_parameters); i++)
	{
		const EnumParameter *p = &enum_parameters[i];

		DefineCustomEnumVariable(p->name, p->text, NULL, p->value, p->boot,
								 p->choices, p->context, 0, NULL, NULL, NULL);
	}
	for (int i = 0; i < (int) lengthof(string_parameters); i++)
	{
		const StringParameter *p = &string_parameters[i];

		DefineCustomStringVariable(p->name, p->text, p->detail, p->value,
								   p->boot, p->context, p->flags, p->check,
								   p->assign, NULL);
	}
	DefineCustomBoolVariable("watchdog.terminate_walsenders",
							 "Whether the replication connections of a dead client host end as well.",
							 NULL, &wd_terminate_walsenders, true, PGC_SIGHUP,
							 0, NULL, NULL, NULL);
	wd_reserve_guc_prefix("watchdog");
}
