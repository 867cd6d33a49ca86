package org.virtugrid.api;

/**
 * What an action did to one VM.
 *
 * @param done true when the VM is, or is on its way to, where the action leads
 * @param changed false when it was there already
 * @param message what was done, or why it was refused
 */
public record VmActionResult(String id, String name, boolean done, boolean changed, VmState state, String message) {}
