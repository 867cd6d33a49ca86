package org.virtugrid.cli.command;

import org.virtugrid.api.Preview;
import org.virtugrid.cli.format.ByteSize;
import org.virtugrid.cli.format.Table;
import org.virtugrid.cli.format.TimeSpan;

/** A preview in words. */
final class PreviewTable {
    private PreviewTable() {}

    static String of(Preview preview) {
        Table table = new Table("WHAT", "PREVIEW");
        table.row("action", preview.action());
        table.row("VMs", preview.vms().isEmpty() ? "none" : String.join(", ", preview.vms()));
        table.row("allowed", preview.allowed() ? "yes" : "no: " + preview.refusal());
        if (preview.fix() != null) {
            table.row("what to do", preview.fix());
        }
        table.row("to move, about", ByteSize.human(preview.bytesToMove()));
        table.row("fewest copies meanwhile", preview.leastCopies() == null ? "nothing is held" : preview.leastCopies());
        table.row("tasks affected", preview.tasksAffected());
        if (preview.effects() != null) {
            preview.effects().forEach(effect -> table.row("effect", effect));
        }
        table.row("takes about", TimeSpan.human(preview.estimatedSeconds()));
        return table.toString();
    }
}
