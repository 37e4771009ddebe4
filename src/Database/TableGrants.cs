namespace Platform.Database;

internal static class TableGrants
{
    /// <summary>Revokes all rights on a table except its owner's: the schema's default privileges grant the service's role access.</summary>
    public static string OwnerOnly(string table) => $"""
        do $grants$
        declare
            grantee text;
        begin
            for grantee in
                select distinct case when acl.grantee = 0 then 'public' else quote_ident(acl.grantee::regrole::text) end
                from pg_class, aclexplode(relacl) acl
                where pg_class.oid = '{table}'::regclass and acl.grantee <> relowner
            loop
                execute format('revoke all on %s from %s', '{table}'::regclass, grantee);
            end loop;
        end $grants$
        """;
}
