package main

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"strings"
	"time"

	"github.com/lib/pq"
)

const (
	sleep = "SELECT pg_sleep(3600)"
	where = "SELECT current_setting('cluster_name')"
	write = "INSERT INTO journal VALUES (1)"
	rows  = 1000
)

var (
	ctx    = context.Background()
	target = fmt.Sprintf("host=%s port=%s user=app password=secret dbname=app sslmode=disable connect_timeout=5",
		os.Args[1], os.Args[2])
)

func say(key string, value interface{}) {
	fmt.Printf("%s=%s\n", key, strings.Join(strings.Fields(fmt.Sprint(value)), " "))
}

func check(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func state(err error) string {
	var answer *pq.Error
	if errors.As(err, &answer) {
		return string(answer.Code)
	}
	return "none"
}

func connect() (*sql.Conn, error) {
	pool, err := sql.Open("postgres", target)
	if err != nil {
		return nil, err
	}
	return pool.Conn(ctx)
}

func one(connection *sql.Conn, query string, parameters ...interface{}) (value string) {
	check(connection.QueryRowContext(ctx, query, parameters...).Scan(&value))
	return
}

func work(connection *sql.Conn) {
	say("server", one(connection, where))
	transaction, err := connection.BeginTx(ctx, nil)
	check(err)
	_, err = transaction.Exec("CREATE TEMPORARY TABLE numbers (n int) ON COMMIT DROP")
	check(err)
	adding, err := transaction.Prepare("INSERT INTO numbers VALUES ($1)")
	check(err)
	for n := 1; n <= 100; n++ {
		_, err = adding.Exec(n)
		check(err)
	}
	var sum int
	check(transaction.QueryRow("SELECT sum(n) FROM numbers").Scan(&sum))
	say("sum", sum)
	check(transaction.Commit())
	var before, after int
	check(connection.QueryRowContext(ctx, "SELECT count(*) FROM journal").Scan(&before))
	undone, err := connection.BeginTx(ctx, nil)
	check(err)
	_, err = undone.Exec(write)
	check(err)
	check(undone.Rollback())
	check(connection.QueryRowContext(ctx, "SELECT count(*) FROM journal").Scan(&after))
	say("left", after-before)
	var nothing string
	say("error", state(connection.QueryRowContext(ctx, "SELECT 1/$1::int", 0).Scan(&nothing)))
	limited, stop := context.WithTimeout(ctx, 500*time.Millisecond)
	defer stop()
	_, err = connection.ExecContext(limited, sleep)
	say("cancel", state(err))
}

// lib/pq gives up a connection whose statement it has cancelled.
func after() {
	connection, err := connect()
	check(err)
	say("after", one(connection, "SELECT $1::int", 1))
}

func copyRows(connection *sql.Conn) {
	transaction, err := connection.BeginTx(ctx, nil)
	check(err)
	_, err = transaction.Exec("CREATE TEMPORARY TABLE copied (n int) ON COMMIT DROP")
	check(err)
	into, err := transaction.Prepare(pq.CopyIn("copied", "n"))
	check(err)
	for n := 0; n < rows; n++ {
		_, err = into.Exec(n)
		check(err)
	}
	_, err = into.Exec()
	check(err)
	check(into.Close())
	var count int
	check(transaction.QueryRow("SELECT count(*) FROM copied").Scan(&count))
	say("copied", count)
	check(transaction.Commit())
}

func listen(connection *sql.Conn) {
	listener := pq.NewListener(target, time.Second, time.Minute, nil)
	check(listener.Listen("news"))
	_, err := connection.ExecContext(ctx, "NOTIFY news, 'hello'")
	check(err)
	say("notified", (<-listener.Notify).Extra)
	check(listener.Close())
}

func wait(connection *sql.Conn) {
	say("waiting", "yes")
	_, err := connection.ExecContext(ctx, sleep)
	say("lost", fmt.Sprintf("%s %T %v", state(err), err, err))
	for {
		if fresh, err := connect(); err == nil {
			if _, err = fresh.ExecContext(ctx, write); err == nil {
				say("again", one(fresh, where))
				return
			}
			fresh.Close()
		}
		time.Sleep(50 * time.Millisecond)
	}
}

func main() {
	for _, verb := range os.Args[3:] {
		connection, err := connect()
		check(err)
		switch verb {
		case "work":
			work(connection)
			after()
		case "copy":
			copyRows(connection)
		case "listen":
			listen(connection)
		case "wait":
			wait(connection)
		}
		connection.Close()
	}
}
