use strict;
use warnings;
use DBI;

my ($verb, $host, $port, $attrs, $sslmode) = @ARGV;
$| = 1;

sub say_error {
    my $text = $DBI::errstr // '';
    $text =~ s/\s+/ /g;
    print 'error=', $DBI::state || 'none', ' ', $DBI::err, " $text\n";
}

my $dbh = DBI->connect(
    "dbi:Pg:host=$host;port=$port;dbname=postgres;target_session_attrs=$attrs;sslmode=$sslmode",
    'postgres', '', { PrintError => 0, RaiseError => 0 });
if (!$dbh) {
    say_error();
    exit 1;
}
print "host=$dbh->{pg_host}\n";
my ($server, $tls, $read_only) = $dbh->selectrow_array(
    "SELECT current_setting('cluster_name'), CASE WHEN ssl THEN 'on' ELSE 'off' END,"
    . " current_setting('transaction_read_only') FROM pg_stat_ssl WHERE pid = pg_backend_pid()");
print "server=$server\ntls=$tls\n";
if ($verb eq 'work') {
    if ($read_only eq 'off') {
        $dbh->do('CREATE TEMPORARY TABLE numbers (n int)');
        my $insert = $dbh->prepare('INSERT INTO numbers VALUES (?)');
        $insert->execute($_) for 1 .. 100;
        my ($sum) = $dbh->selectrow_array('SELECT sum(n) FROM numbers');
        print "work=$sum\n";
    }
    $dbh->disconnect;
} else {
    print "waiting=yes\n";
    say_error() unless defined $dbh->do('SELECT pg_sleep(3600)');
    print 'closed=', ($dbh->ping > 0 ? 'no' : 'yes'), "\n";
}
