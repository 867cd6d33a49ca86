package org.virtugrid.control.rest.doctor;

import org.virtugrid.api.CheckItem;

/** One thing that doctor looks at. Every bean of this type is asked, in bean order. */
@FunctionalInterface
public interface DoctorCheck {
    /** Looks now; takes at most a second. An exception counts as a failed check. */
    CheckItem check() throws Exception;
}
