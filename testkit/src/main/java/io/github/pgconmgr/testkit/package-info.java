/** What the tests of all modules share: proofs, a fake clock, PostgreSQL instances, hosts with cables to cut, scripted peers. */
@NullMarked
package io.github.pgconmgr.testkit;

import org.jspecify.annotations.NullMarked;
