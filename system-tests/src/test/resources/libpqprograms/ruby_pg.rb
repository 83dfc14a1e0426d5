require 'pg'

verb, host, port, attrs, sslmode = ARGV
$stdout.sync = true

def say_error(error, state)
  puts "error=#{state || 'none'} #{error.class} #{error.message.split.join(' ')}"
end

begin
  connection = PG.connect(host: host, port: port, user: 'postgres', dbname: 'postgres',
                          target_session_attrs: attrs, sslmode: sslmode)
rescue PG::Error => e
  say_error(e, nil)
  exit 1
end
puts "host=#{connection.host}"
server, tls, read_only = connection.exec(<<~SQL).values.first
  SELECT current_setting('cluster_name'), CASE WHEN ssl THEN 'on' ELSE 'off' END,
    current_setting('transaction_read_only') FROM pg_stat_ssl WHERE pid = pg_backend_pid()
SQL
puts "server=#{server}", "tls=#{tls}"
if verb == 'work'
  if read_only == 'off'
    connection.exec('CREATE TEMPORARY TABLE numbers (n int)')
    connection.copy_data('COPY numbers FROM STDIN') { (1..100).each { |n| connection.put_copy_data("#{n}\n") } }
    puts "work=#{connection.exec_params('SELECT sum(n) FROM numbers WHERE n < $1', [1000]).getvalue(0, 0)}"
  end
  connection.close
else
  puts 'waiting=yes'
  begin
    connection.exec('SELECT pg_sleep(3600)')
  rescue PG::Error => e
    say_error(e, e.result&.error_field(PG::Result::PG_DIAG_SQLSTATE))
  end
  puts "closed=#{connection.status == PG::CONNECTION_BAD ? 'yes' : 'no'}"
end
