/** Starts and uses the built product as a user does, and cleans up after it. */
package org.virtugrid.e2e.harness;
