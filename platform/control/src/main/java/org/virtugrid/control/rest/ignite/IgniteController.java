package org.virtugrid.control.rest.ignite;

import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.enums.ParameterIn;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.ignite.IgniteException;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestMethod;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.virtugrid.grid.fault.GridException;

/** Ignite REST queries: the same names, parameters and answers, behind the admin token. */
@RestController
@Tag(name = "Ignite REST")
public class IgniteController {
    private static final int OK = 0;
    private static final int FAILED = 1;

    private final IgniteRest ignite;
    private final SqlQueries sql;

    IgniteController(IgniteRest ignite, SqlQueries sql) {
        this.ignite = ignite;
        this.sql = sql;
    }

    /** What Ignite's REST answers with. */
    public record Answer(int successStatus, String sessionToken, String error, Object response) {}

    @Operation(
            summary =
                    "Ignite REST: get, put, getall, putall, cas, size, qryscanexe, qryfldexe, qryfetch, qrycls, top, …",
            description =
                    "Parameters as Ignite documents them, in the query or as a form. SQL (qryfldexe, qryexe) runs on"
                            + " the Calcite engine. Commands that would change the cluster or the platform's own caches"
                            + " are refused (409).")
    @Parameter(name = "cmd", in = ParameterIn.QUERY, required = true, description = "the command")
    @Parameter(name = "cacheName", in = ParameterIn.QUERY)
    @RequestMapping(
            path = "/ignite",
            method = {RequestMethod.GET, RequestMethod.POST})
    Object call(@Parameter(hidden = true) @RequestParam Map<String, String> query) {
        Map<String, String> params = new LinkedHashMap<>(query);
        String cmd = IgniteCommands.check(params);
        params.put("cmd", cmd);
        return switch (cmd) {
            case "qryfldexe" -> answer(() -> sql.fields(params));
            case "qryexe" -> answer(() -> sql.entries(params));
            case "qryfetch" -> {
                long id = IgniteParams.queryId(params);
                yield id >= SqlQueries.FIRST_ID ? answer(() -> sql.fetch(id, params)) : pass(params);
            }
            case "qrycls" -> {
                long id = IgniteParams.queryId(params);
                if (id < SqlQueries.FIRST_ID) {
                    yield pass(params);
                }
                sql.close(id);
                yield new Answer(OK, null, null, true);
            }
            case "qryscanexe" -> pass(params);
            case "getorcreate" -> {
                // Ignite's own default of no backup would lose the data with the first VM
                params.putIfAbsent("backups", "1");
                yield ignite.call(params);
            }
            default -> ignite.call(params);
        };
    }

    private Object pass(Map<String, String> params) {
        params.put("pageSize", Integer.toString(IgniteParams.pageSize(params)));
        params.remove("psz");
        return ignite.call(params);
    }

    private static Answer answer(java.util.function.Supplier<SqlQueries.Page> query) {
        try {
            return new Answer(OK, null, null, query.get());
        } catch (GridException e) {
            throw e;
        } catch (IgniteException | javax.cache.CacheException e) {
            return new Answer(FAILED, null, SqlQueries.message(e), null);
        }
    }
}
