// Asks the virtual database what pgbouncer_exporter and pgpool2_exporter ask, as they ask it, and reads the rows as they do.
package main

import (
	"database/sql"
	"fmt"
	"os"

	_ "github.com/lib/pq"
)

var questions = []string{
	"SHOW STATS", "SHOW LISTS;", "SHOW CONFIG;", "SHOW CLIENTS;", "SHOW databases;", "SHOW stats_totals;", "SHOW pools;", "SHOW VERSION;",
	"SHOW POOL_VERSION;", "SHOW pool_nodes;", "SHOW pool_pools;", "SHOW pool_processes;", "SHOW pool_cache;",
}

func check(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func read(rows *sql.Rows) {
	defer rows.Close()
	names, err := rows.Columns()
	check(err)
	cells := make([]interface{}, len(names))
	targets := make([]interface{}, len(names))
	for i := range cells {
		targets[i] = &cells[i]
	}
	count := 0
	for rows.Next() {
		check(rows.Scan(targets...))
		count++
	}
	check(rows.Err())
	fmt.Printf("%d columns, %d rows\n", len(names), count)
}

func main() {
	db, err := sql.Open("postgres", fmt.Sprintf(
		"host=%s port=%s user=app password=secret dbname=conmgr sslmode=disable connect_timeout=5", os.Args[1], os.Args[2]))
	check(err)
	db.SetMaxOpenConns(1)
	for _, question := range questions {
		fmt.Print(question, "=")
		rows, err := db.Query(question)
		check(err)
		read(rows)
	}
	prepared, err := db.Prepare("SHOW LISTS")
	check(err)
	rows, err := prepared.Query()
	check(err)
	fmt.Print("prepared=")
	read(rows)
}
