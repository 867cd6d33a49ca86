/** How often each word occurs. */
package org.virtugrid.jobs.wordcount;
