/** Our packages on containers: each a host with a network, processes and files of its own. */
package io.github.pgconmgr.containertest;
