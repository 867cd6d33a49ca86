package org.virtugrid.cli.command;

import java.util.LinkedHashMap;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;

/** Shows the version. */
@Command(name = "version", description = "Show the version.")
final class VersionCommand extends Action {

    /** The answer to {@code --version}. */
    static final class Provider implements IVersionProvider {
        @Override
        public String[] getVersion() {
            return new String[] {"virtugrid " + Version.text()};
        }
    }

    @Override
    public Integer call() {
        Map<String, Object> version = new LinkedHashMap<>();
        version.put("version", Version.text());
        version.put("java", Runtime.version().toString());
        output().data(version, () -> "virtugrid " + Version.text());
        return done();
    }
}
