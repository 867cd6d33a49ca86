/** The most frequent values. */
package org.virtugrid.jobs.topk;
