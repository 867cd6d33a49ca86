package org.virtugrid.api;

/** One line of {@code doctor}: what was checked, whether it is fine, what was found, and how to mend it. */
public record CheckItem(String check, boolean ok, String found, String fix) {}
