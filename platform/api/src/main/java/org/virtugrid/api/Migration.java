package org.virtugrid.api;

/**
 * Request to bring a VM to another host.
 *
 * @param host name of that host
 */
public record Migration(String host) {}
