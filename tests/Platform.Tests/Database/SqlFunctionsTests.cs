using System.Reflection;
using Platform.Database;

namespace Platform.Tests.Database;

public sealed class SqlFunctionsTests(PlatformDatabase platform) : IClassFixture<PlatformDatabase>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public static TheoryData<string> Services => [.. Sources.Schemas];

    [Theory]
    [MemberData(nameof(Services))]
    public async Task A_database_with_older_functions_ends_with_the_same_ones_as_an_empty_one(string service)
    {
        var fromEmpty = await Definitions(service);
        var files = SqlFunctions.In(Assembly(service)).All;
        if (files.Count > 0)
        {
            await MakeOlder(service);
            (await Definitions(service)).Except(fromEmpty).Count().ShouldBe(files.Count);
        }

        var applied = await Migrator(service).Apply(_ => { }, Ct);

        applied.Functions.ShouldBe(files.Select(file => file.Name));
        (await Definitions(service)).ShouldBe(fromEmpty);
        (await Migrator(service).Apply(_ => { }, Ct)).Functions.ShouldBeEmpty();
    }

    [Theory]
    [MemberData(nameof(Services))]
    public async Task A_function_of_a_migration_is_one_that_a_table_or_a_view_depends_on(string service) =>
        (await platform.Database.Column<string>(
            """
            select oid::regprocedure::text from pg_proc
            where pronamespace = $1::text::regnamespace and proname <> all ($2)
                and not exists (select from pg_depend where refclassid = 'pg_proc'::regclass and refobjid = pg_proc.oid)
            order by 1
            """,
            Ct, service, SqlFunctions.In(Assembly(service)).All.Select(file => file.Routine).ToArray()))
        .ShouldBeEmpty("Write it into a .sql file beside the use case that calls it.");

    private Task<IReadOnlyList<string>> Definitions(string service) => platform.Database.Column<string>(
        "select pg_get_functiondef(oid) from pg_proc where pronamespace = $1::text::regnamespace and prokind = 'f' order by oid::regprocedure::text",
        Ct, service);

    private Task<int> MakeOlder(string service) => platform.Database.Execute(
        $"""
        do $older$
        declare
            present record;
        begin
            perform set_config('check_function_bodies', 'off', true);
            for present in
                select pg_get_functiondef(oid) as definition from pg_proc
                where pronamespace = '{service}'::regnamespace
                    and proname in (select substring(name from '([^/]+)[.]sql$') from {service}.__functions)
            loop
                execute regexp_replace(present.definition, '[$]function[$].*[$]function[$]', '$function$ an older text $function$');
            end loop;
            update {service}.__functions set hash = 'of an older text';
        end $older$
        """, Ct);

    private Migrator Migrator(string service)
    {
        var connections = new ServiceConnections(
            new ServiceName(service),
            new ConfigurationBuilder()
                .AddInMemoryCollection([new("ConnectionStrings:owner", platform.Database.Owner(service))])
                .Build());
        var db = Assembly(service).GetTypes().Single(type => type is { IsAbstract: false } && type.IsAssignableTo(typeof(ServiceDb)));
        return (Migrator)typeof(Migrator).GetMethod(nameof(global::Platform.Database.Migrator.Of))!.MakeGenericMethod(db)
            .Invoke(null, [connections, null, null])!;
    }

    private static Assembly Assembly(string service) => System.Reflection.Assembly.Load(char.ToUpperInvariant(service[0]) + service[1..]);
}
