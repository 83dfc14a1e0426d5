/** The add-on for libpq on real servers: psql and programs in C, as installed, through conmgr-exec. */
package io.github.pgconmgr.libpqtest;
