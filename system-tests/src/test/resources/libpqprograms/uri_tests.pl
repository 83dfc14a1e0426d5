# uri_tests.pl 001_uri.pl libpq_uri_regress: runs the cases of PostgreSQL's test without its framework.
use strict;
use warnings;

my ($file, $program) = @ARGV;
open my $in, '<', $file or die "$file: $!";
my $text = do { local $/; <$in> };
my ($cases) = $text =~ /^my \@tests = (\(.*?^\t?\s*\]\);)/ms or die "no cases in $file";
my @cases = eval $cases;
my $failed = 0;
for my $case (@cases) {
    my ($uri, $out, $err) = @$case;
    my $errors = "/tmp/uri_tests.$$";
    open my $run, '-|', 'sh', '-c', 'exec "$0" "$1" 2>"$2"', $program, $uri, $errors or die $!;
    my $said = do { local $/; <$run> } // '';
    close $run;
    my $exit = $? >> 8;
    open my $err_in, '<', $errors or die $!;
    my $complained = do { local $/; <$err_in> } // '';
    close $err_in;
    unlink $errors;
    chomp($said, $complained);
    next if $said eq $out && $complained eq $err && ($exit == 0) == ($err eq '');
    $failed++;
    print "not ok: $uri\n  $said\n  $complained\n";
}
print scalar(@cases), " cases, $failed failed\n";
exit($failed || @cases < 50 ? 1 : 0);
