package org.virtugrid.jobs.topk;

import java.io.Serializable;
import org.virtugrid.jobs.value.ByteCounts;

/** How often each value occurred, and whether all of them were JSON numbers so far. */
record TopKPartial(ByteCounts counts, boolean onlyNumbers) implements Serializable {}
