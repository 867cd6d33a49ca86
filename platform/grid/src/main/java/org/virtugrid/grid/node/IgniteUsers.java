package org.virtugrid.grid.node;

import java.util.UUID;
import org.apache.ignite.Ignite;
import org.apache.ignite.IgniteCheckedException;
import org.apache.ignite.internal.IgniteEx;
import org.apache.ignite.internal.processors.security.IgniteSecurity;
import org.apache.ignite.internal.processors.security.OperationSecurityContext;
import org.apache.ignite.internal.processors.security.SecurityContext;
import org.apache.ignite.plugin.security.AuthenticationContext;
import org.apache.ignite.plugin.security.SecurityCredentials;
import org.apache.ignite.plugin.security.SecuritySubjectType;
import org.virtugrid.grid.fault.GridException;

/**
 * Takes Ignite's well-known default password away and makes the user for thin clients and Ignite REST.
 *
 * <p>Goes through Ignite's internal security interface, because the public way (SQL) would first have to load a query
 * engine.
 */
public final class IgniteUsers {
    /** The user for thin clients and Ignite REST. */
    public static final String USER = "virtugrid";

    private static final String DEFAULT_USER = "ignite";

    private IgniteUsers() {}

    /** Makes sure that only this password opens anything. Idempotent; needs an active grid. */
    @SuppressWarnings("try") // the scope ends by being closed
    public static void secure(Ignite ignite, String password) {
        IgniteSecurity security = ((IgniteEx) ignite).context().security();
        if (authenticate(security, DEFAULT_USER, password) != null && authenticate(security, USER, password) != null) {
            return;
        }
        SecurityContext administrator = authenticate(security, DEFAULT_USER, password);
        if (administrator == null) {
            administrator = authenticate(security, DEFAULT_USER, DEFAULT_USER);
        }
        if (administrator == null) {
            throw GridException.unavailable(
                    "the password in the home's secrets is not the one this grid was made with",
                    "restore secrets/ignite-password of this home");
        }
        try (OperationSecurityContext scope = security.withContext(administrator)) {
            if (authenticate(security, USER, password) == null) {
                security.createUser(USER, password.toCharArray());
            }
            security.alterUser(DEFAULT_USER, password.toCharArray());
        } catch (IgniteCheckedException e) {
            throw new GridException(
                    GridException.Kind.UNAVAILABLE,
                    null,
                    "cannot set the grid's users: " + e.getMessage(),
                    "run up again",
                    e);
        }
    }

    private static SecurityContext authenticate(IgniteSecurity security, String user, String password) {
        AuthenticationContext context = new AuthenticationContext();
        context.subjectType(SecuritySubjectType.REMOTE_CLIENT);
        context.subjectId(UUID.randomUUID());
        context.credentials(new SecurityCredentials(user, password));
        try {
            return security.authenticate(context);
        } catch (IgniteCheckedException | RuntimeException e) {
            return null;
        }
    }
}
