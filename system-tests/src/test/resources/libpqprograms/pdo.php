<?php
[, $verb, $host, $port, $attrs, $sslmode] = $argv;

function sayError(PDOException $e): void
{
    echo 'error=', $e->errorInfo[0] ?? 'none', ' PDOException ', preg_replace('/\s+/', ' ', $e->getMessage()), "\n";
}

try {
    $pdo = new PDO(
        "pgsql:host=$host;port=$port;dbname=postgres;target_session_attrs=$attrs;sslmode=$sslmode", 'postgres', '');
} catch (PDOException $e) {
    sayError($e);
    exit(1);
}
$row = $pdo->query("SELECT current_setting('cluster_name'), CASE WHEN ssl THEN 'on' ELSE 'off' END,
    current_setting('transaction_read_only') FROM pg_stat_ssl WHERE pid = pg_backend_pid()")->fetch(PDO::FETCH_NUM);
echo "server=$row[0]\ntls=$row[1]\n";
if ($verb === 'work') {
    if ($row[2] === 'off') {
        $pdo->exec('CREATE TEMPORARY TABLE numbers (n int)');
        $insert = $pdo->prepare('INSERT INTO numbers VALUES (?)');
        foreach (range(1, 100) as $n) {
            $insert->execute([$n]);
        }
        echo 'work=', $pdo->query('SELECT sum(n) FROM numbers')->fetchColumn(), "\n";
    }
} else {
    echo "waiting=yes\n";
    try {
        $pdo->exec('SELECT pg_sleep(3600)');
    } catch (PDOException $e) {
        sayError($e);
    }
    try {
        $pdo->query('SELECT 1');
        echo "closed=no\n";
    } catch (PDOException $e) {
        echo "closed=yes\n";
    }
}
