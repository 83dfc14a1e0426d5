use strict;
use warnings;
use DBI;
use DBD::Pg ':async';
use Time::HiRes 'sleep';

$| = 1;
my ($host, $port, @verbs) = @ARGV;
my $sleep = 'SELECT pg_sleep(3600)';
my $where = "SELECT current_setting('cluster_name')";
my $write = 'INSERT INTO journal VALUES (1)';

sub say_it { my ($key, $value) = @_; $value =~ s/\s+/ /g; print "$key=$value\n"; }

sub open_it {
    return DBI->connect("dbi:Pg:host=$host;port=$port;dbname=app;connect_timeout=5", 'app', 'secret',
        { RaiseError => 1, PrintError => 0, AutoCommit => 1 });
}

sub one { my ($dbh, $sql, @parameters) = @_; return ($dbh->selectrow_array($sql, undef, @parameters))[0]; }

my %verb_named = (
    work => sub {
        my $dbh = shift;
        say_it('server', one($dbh, $where));
        $dbh->begin_work;
        $dbh->do('CREATE TEMPORARY TABLE numbers (n int) ON COMMIT DROP');
        my $adding = $dbh->prepare('INSERT INTO numbers VALUES (?)', { pg_server_prepare => 1, pg_prepare_now => 1 });
        $adding->execute($_) for 1 .. 100;
        say_it('sum', one($dbh, 'SELECT sum(n) FROM numbers'));
        $dbh->commit;
        my $before = one($dbh, 'SELECT count(*) FROM journal');
        $dbh->begin_work;
        $dbh->do($write);
        $dbh->rollback;
        say_it('left', one($dbh, 'SELECT count(*) FROM journal') - $before);
        eval { one($dbh, 'SELECT 1/?::int', 0) };
        say_it('error', $dbh->state);
        $dbh->do($sleep, { pg_async => PG_ASYNC });
        sleep 0.5;
        # It waits for the server's answer, and tells only whether the statement was cancelled.
        say_it('cancel', $dbh->pg_cancel ? '57014' : 'none');
        say_it('after', one($dbh, 'SELECT ?::int', 1));
    },
    copy => sub {
        my $dbh = shift;
        $dbh->do('CREATE TEMPORARY TABLE copied (n int)');
        $dbh->do('COPY copied FROM STDIN');
        $dbh->pg_putcopydata("$_\n") for 1 .. 1000;
        $dbh->pg_putcopyend;
        $dbh->do('COPY copied TO STDOUT');
        my ($row, $rows) = ('', 0);
        $rows++ while $dbh->pg_getcopydata($row) >= 0;
        say_it('copied', $rows);
    },
    listen => sub {
        my $dbh = shift;
        $dbh->do('LISTEN news');
        open_it()->do("NOTIFY news, 'hello'");
        my $notice;
        sleep 0.02 until $notice = $dbh->pg_notifies;
        say_it('notified', $notice->[2]);
    },
    wait => sub {
        my $dbh = shift;
        say_it('waiting', 'yes');
        eval { $dbh->do($sleep) };
        say_it('lost', ($dbh->state || 'none') . ' ' . ($dbh->err || 0) . ' ' . ($dbh->errstr || ''));
        while (1) {
            my $fresh = eval { open_it() };
            if ($fresh && eval { $fresh->do($write) }) {
                say_it('again', one($fresh, $where));
                return;
            }
            sleep 0.05;
        }
    },
);

my $session = open_it();
$verb_named{$_}->($session) for @verbs;
