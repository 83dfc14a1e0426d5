package io.github.pgconmgr.relay.console;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.pgconmgr.relay.protocol.BackendMessages.Column;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What SHOW shows: the columns that dashboards know, filled from a picture. */
class ViewsTest {

    private static Table show(String what) throws ConsoleException {
        return Objects.requireNonNull(
                new ConsoleCommands(Pictures::busy).run("SHOW " + what).table());
    }

    private static List<String> columns(Table table) {
        return table.columns().stream().map(Column::name).toList();
    }

    private static @Nullable Object cell(Table table, int row, String column) {
        return table.cells(row).get(columns(table).indexOf(column));
    }

    private static List<@Nullable Object> column(Table table, String name) {
        return IntStream.range(0, table.size())
                .mapToObj(row -> cell(table, row, name))
                .toList();
    }

    /** As in PgBouncer 1.25, SHOW POOLS, CLIENTS, DATABASES, STATS, STATS_TOTALS, CONFIG, LISTS, VERSION. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "pools|database,user,cl_active,cl_waiting,cl_active_cancel_req,cl_waiting_cancel_req,sv_active,"
                        + "sv_active_cancel,sv_being_canceled,sv_idle,sv_used,sv_tested,sv_login,maxwait,maxwait_us,"
                        + "pool_mode,load_balance_hosts",
                "clients|type,user,database,replication,state,addr,port,local_addr,local_port,connect_time,request_time,"
                        + "wait,wait_us,close_needed,ptr,link,remote_pid,tls,application_name,prepared_statements,id",
                "servers|type,user,database,replication,state,addr,port,local_addr,local_port,connect_time,request_time,"
                        + "wait,wait_us,close_needed,ptr,link,remote_pid,tls,application_name,prepared_statements,id",
                "databases|name,host,port,database,force_user,pool_size,min_pool_size,reserve_pool_size,server_lifetime,"
                        + "pool_mode,load_balance_hosts,max_connections,current_connections,max_client_connections,"
                        + "current_client_connections,paused,disabled",
                "stats|database,total_server_assignment_count,total_xact_count,total_query_count,total_received,"
                        + "total_sent,total_xact_time,total_query_time,total_wait_time,total_client_parse_count,"
                        + "total_server_parse_count,total_bind_count,total_client_login_count,"
                        + "avg_server_assignment_count,avg_xact_count,avg_query_count,avg_recv,avg_sent,avg_xact_time,"
                        + "avg_query_time,avg_wait_time,avg_client_parse_count,avg_server_parse_count,avg_bind_count,"
                        + "avg_client_login_count",
                "stats_totals|database,server_assignment_count,xact_count,query_count,bytes_received,bytes_sent,"
                        + "xact_time,query_time,wait_time,client_parse_count,server_parse_count,bind_count,"
                        + "client_login_count",
                "stats_averages|database,server_assignment_count,xact_count,query_count,bytes_received,bytes_sent,"
                        + "xact_time,query_time,wait_time,avg_client_parse_count,avg_server_parse_count,avg_bind_count,"
                        + "avg_client_login_count",
                "users|name,pool_size,reserve_pool_size,pool_mode,max_user_connections,current_connections,"
                        + "max_user_client_connections,current_client_connections",
                "config|key,value,default,changeable",
                "lists|list,items",
                "totals|name,value",
                "state|key,value",
                "version|version"
            })
    void columnsAreNamedAsInPgBouncer(String what, String names) throws ConsoleException {
        assertEquals(Arrays.asList(names.split(",", -1)), columns(show(what)));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "pool_pools|pool_pid,start_time,client_connection_count,pool_id,backend_id,database,username,"
                        + "backend_connection_time,client_connection_time,client_disconnection_time,"
                        + "client_idle_duration,majorversion,minorversion,pool_counter,pool_backendpid,pool_connected,status",
                "pool_processes|pool_pid,start_time,client_connection_count,database,username,"
                        + "backend_connection_time,pool_counter,status",
                "pool_nodes|node_id,hostname,port,status,pg_status,lb_weight,role,pg_role,select_cnt,load_balance_node,"
                        + "replication_delay,replication_state,replication_sync_state,last_status_change",
                "pool_version|pool_version"
            })
    void columnsAreNamedAsInTheManualPagesOfPgpool435(String what, String names) throws ConsoleException {
        assertEquals(Arrays.asList(names.split(",", -1)), columns(show(what)));
    }

    @Test
    void poolsCountClientsAndServersByDatabaseAndUser() throws ConsoleException {
        Table pools = show("pools");
        assertEquals(List.of("blog", "shop", "shop"), column(pools, "database"));
        assertEquals(List.of("cid", "ann", "bob"), column(pools, "user"));
        assertEquals(List.of(0L, 2L, 0L), column(pools, "cl_active"));
        assertEquals(List.of(0L, 0L, 1L), column(pools, "cl_waiting"));
        assertEquals(List.of(0L, 1L, 0L), column(pools, "sv_active"));
        assertEquals(List.of(1L, 0L, 0L), column(pools, "sv_idle"));
        assertEquals(List.of(0L, 0L, 1L), column(pools, "maxwait"));
        assertEquals(List.of(0L, 0L, 500_000L), column(pools, "maxwait_us"));
    }

    @Test
    void aClientAndItsServerConnectionNameEachOther() throws ConsoleException {
        assertEquals("S1", cell(show("clients"), 0, "link"));
        assertEquals("C1", cell(show("servers"), 0, "link"));
        assertEquals("", cell(show("servers"), 1, "link"));
        assertEquals(List.of("active", "waiting", "login", "idle"), column(show("clients"), "state"));
        assertEquals("2026-11-21 08:00:00 UTC", cell(show("clients"), 0, "connect_time"));
    }

    @Test
    void databasesAreThoseWithServerConnectionsAtTheirInstance() throws ConsoleException {
        Table databases = show("databases");
        assertEquals(List.of("blog", "shop"), column(databases, "name"));
        assertEquals(List.of("db0", "db0"), column(databases, "host"));
        assertEquals(List.of(0L, 1L), column(databases, "current_client_connections"));
    }

    @Test
    void statsHaveARowForEachDatabaseAndTotalsTheSum() throws ConsoleException {
        assertEquals(List.of(1L, 123_456_789L), column(show("stats"), "total_xact_count"));
        Table totals = show("totals");
        assertEquals(123_456_790L, cell(totals, column(totals, "name").indexOf("total_xact_count"), "value"));
    }

    @Test
    void listsAndConfigAreRows() throws ConsoleException {
        Table lists = show("lists");
        assertEquals(1L, cell(lists, column(lists, "list").indexOf("login_clients"), "items"));
        assertEquals(3, cell(lists, column(lists, "list").indexOf("pools"), "items"));
        assertEquals(List.of("no", "yes"), column(show("config"), "changeable"));
    }

    @Test
    void poolPoolsHasALineForEachSlotOfEachWorker() throws ConsoleException {
        Table pools = show("pool_pools");
        assertEquals(32 * 4, pools.size());
        assertEquals("ann", cell(pools, 0, "username"));
        assertEquals("1", cell(pools, 0, "pool_connected"));
        assertEquals("Idle", cell(pools, 0, "status"));
        assertEquals("", cell(pools, 1, "username"));
        assertEquals("cid", cell(pools, 4, "username"));
        assertEquals("40", cell(pools, 4, "client_idle_duration"));
        assertEquals("Wait for connection", cell(pools, 4, "status"));
    }

    @Test
    void withVeryManySlotsOnlyThoseInUseAreShown() {
        RelayPicture busy = Pictures.busy();
        var pool = busy.pool();
        RelayPicture large = new RelayPicture(
                busy.version(),
                busy.now(),
                new io.github.pgconmgr.config.PoolConfig(
                        pool.mode(),
                        pool.workers(),
                        0,
                        PgpoolViews.MAX_SLOTS / pool.workers() + 1,
                        true,
                        64,
                        false,
                        0,
                        200,
                        pool.resetQueries(),
                        pool.times()),
                busy.settings(),
                busy.instances(),
                busy.clients(),
                busy.servers(),
                busy.workers(),
                busy.statistics());
        assertEquals(2, PgpoolViews.pools(large).size());
    }

    @Test
    void poolProcessesHasALineForEachWorker() throws ConsoleException {
        Table processes = show("pool_processes");
        assertEquals(32, processes.size());
        assertEquals("shop", cell(processes, 0, "database"));
        assertEquals("", cell(processes, 1, "database"));
        assertEquals("7", cell(processes, 1, "client_connection_count"));
    }

    @Test
    void poolNodesTellUpFromDownAndPrimaryFromStandby() throws ConsoleException {
        assertEquals(List.of("up", "down"), column(show("pool_nodes"), "status"));
        assertEquals(List.of("primary", "standby"), column(show("pool_nodes"), "role"));
        assertEquals(List.of("2026-11-21 08:00:00", ""), column(show("pool_nodes"), "last_status_change"));
    }

    /** The exporter of Pgpool-II takes a version from it. */
    @Test
    void poolVersionBeginsWithANumber() throws ConsoleException {
        assertEquals("0.1.0 (conmgr)", cell(show("pool_version"), 0, "pool_version"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "show pools;",
                "  SHOW\n POOLS ; ;",
                "Show Pools",
                "SHOW STATS;",
                "SHOW LISTS;",
                "SHOW pool_nodes;"
            })
    void caseBlanksAndSemicolonsDoNotMatter(String sql) throws ConsoleException {
        assertEquals("SHOW", new ConsoleCommands(Pictures::busy).run(sql).tag());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "SHOW NOTHING|42601|invalid command \"SHOW NOTHING\"",
                "SELECT * FROM pg_class|42601|invalid command \"SELECT * FROM pg_class\"",
                "SHOW POOLS; SHOW POOLS|42601|invalid command \"SHOW POOLS; SHOW POOLS\"",
                "PAUSE|0A000|PAUSE is not available here",
                "kill shop|0A000|KILL is not available here",
                "SHOW MEM|0A000|SHOW MEM is not available here"
            })
    void whatItDoesNotKnowIsRefusedWithAReason(String sql, String sqlState, String message) {
        ConsoleException e = assertThrows(ConsoleException.class, () -> new ConsoleCommands(Pictures::busy).run(sql));
        assertEquals(sqlState, e.sqlState());
        assertEquals(message, e.message());
    }

    @Test
    void helpNamesEveryView() {
        assertTrue(ConsoleCommands.help().contains("POOL_PROCESSES|POOL_VERSION|POOLS|SERVERS"));
    }
}
