<?php
[, $verb, $host, $port, $attrs, $sslmode] = $argv;

function sayError(string $text): void
{
    echo 'error=none ', preg_replace('/\s+/', ' ', $text), "\n";
}

$connection = @pg_connect(
    "host=$host port=$port user=postgres dbname=postgres target_session_attrs=$attrs sslmode=$sslmode");
if ($connection === false) {
    sayError('pg_connect false ' . (error_get_last()['message'] ?? ''));
    exit(1);
}
echo 'host=', pg_host($connection), "\n";
$row = pg_fetch_row(pg_query($connection, "SELECT current_setting('cluster_name'),
    CASE WHEN ssl THEN 'on' ELSE 'off' END, current_setting('transaction_read_only')
    FROM pg_stat_ssl WHERE pid = pg_backend_pid()"));
echo "server=$row[0]\ntls=$row[1]\n";
if ($verb === 'work') {
    if ($row[2] === 'off') {
        pg_query($connection, 'CREATE TEMPORARY TABLE numbers (n int)');
        pg_copy_from($connection, 'numbers', range(1, 100));
        $sum = pg_fetch_row(pg_query_params($connection, 'SELECT sum(n) FROM numbers WHERE n < $1', [1000]));
        echo "work=$sum[0]\n";
    }
} else {
    echo "waiting=yes\n";
    if (@pg_query($connection, 'SELECT pg_sleep(3600)') === false) {
        sayError('pg_query false ' . pg_last_error($connection));
    }
    echo 'closed=', pg_connection_status($connection) === PGSQL_CONNECTION_BAD ? 'yes' : 'no', "\n";
}
