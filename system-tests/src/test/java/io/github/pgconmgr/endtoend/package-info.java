/** conmgr, cm_ctl and the JDBC driver as a user has them, against real servers on hosts of their own. */
package io.github.pgconmgr.endtoend;
