using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;
using Platform.Database;

namespace Platform.Tests.Database;

public sealed class ColumnsTests(PlatformDatabase platform) : IClassFixture<PlatformDatabase>
{
    private static readonly string[] Assemblies = [.. Sources.Schemas.Select(schema => char.ToUpperInvariant(schema[0]) + schema[1..])];

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public static TheoryData<string> Services => [.. Assemblies];

    [Fact]
    public async Task Ids_of_people_are_bigint_in_every_table()
    {
        (await Count("true")).ShouldBeGreaterThanOrEqualTo(5, "Found too few of them: this test would prove nothing.");

        (await Offending()).ShouldBeEmpty();
    }

    [Fact]
    public async Task The_rule_sees_an_id_of_a_wrong_type()
    {
        await platform.Database.Execute("create table loyalty.wrong (invited_user_id integer, telegram_id text)", Ct);
        try
        {
            (await Offending()).ShouldBe(["loyalty.wrong.invited_user_id: integer", "loyalty.wrong.telegram_id: text"]);
        }
        finally
        {
            await platform.Database.Execute("drop table loyalty.wrong", Ct);
        }
    }

    [Fact]
    public async Task Timestamps_have_a_time_zone_and_no_default() =>
        (await platform.Database.Column<string>(
            """
            select table_schema || '.' || table_name || '.' || column_name || ': ' || data_type || coalesce(' default ' || column_default, '')
            from information_schema.columns
            where table_schema = any ($1)
              and (data_type = 'timestamp without time zone' or (data_type = 'timestamp with time zone' and column_default is not null))
            order by 1
            """, Ct, [Sources.Schemas.ToArray()]))
        .ShouldBeEmpty();

    // Migrations are written by hand, without a snapshot that would reveal drift from the model.
    [Theory]
    [MemberData(nameof(Services))]
    public async Task Every_mapped_column_of_every_entity_can_be_selected(string service)
    {
        await using var db = Open(service);
        var entities = db.Model.GetEntityTypes().Where(entity => !entity.IsOwned() && (entity.GetTableName() ?? entity.GetViewName()) is not null).ToList();
        // The tables that ServiceDefaults adds to each; a service may have none of its own yet.
        entities.Count.ShouldBeGreaterThanOrEqualTo(2, "Found too few entities: this test would prove nothing.");

        foreach (var entity in entities)
        {
            await Select(db, entity);
        }
    }

    [Fact]
    public async Task The_rule_sees_a_missing_column()
    {
        await platform.Database.Execute("alter table users.outbox rename column payload to gone", Ct);
        try
        {
            await using var db = Open("Users");
            var outbox = db.Model.GetEntityTypes().Single(entity => entity.GetTableName() == "outbox");

            (await Should.ThrowAsync<Npgsql.PostgresException>(() => Select(db, outbox))).SqlState.ShouldBe("42703");
        }
        finally
        {
            await platform.Database.Execute("alter table users.outbox rename column gone to payload", Ct);
        }
    }

    private const string PeoplesIds = """
        from information_schema.columns
        where table_schema = any ($1) and (column_name like '%user\_id%' or column_name like '%telegram\_id%')
        """;

    private Task<long> Count(string condition) =>
        platform.Database.Scalar<long>($"select count(*) {PeoplesIds} and {condition}", Ct, [Sources.Schemas.ToArray()]);

    private Task<IReadOnlyList<string>> Offending() =>
        platform.Database.Column<string>(
            $"select table_schema || '.' || table_name || '.' || column_name || ': ' || data_type {PeoplesIds} and data_type <> 'bigint' order by 1",
            Ct, [Sources.Schemas.ToArray()]);

    /// <summary>The service's DbContext, connected with its service role.</summary>
    private DbContext Open(string service)
    {
        var type = System.Reflection.Assembly.Load(service).GetTypes().Single(type => type is { IsAbstract: false } && type.IsAssignableTo(typeof(ServiceDb)));
        var options = (DbContextOptionsBuilder)Activator.CreateInstance(typeof(DbContextOptionsBuilder<>).MakeGenericType(type))!;
        options.UseNpgsql(platform.Database.Service(service.ToLowerInvariant()));
        return (DbContext)Activator.CreateInstance(type, options.Options)!;
    }

    private static Task Select(DbContext db, IEntityType entity) =>
        (Task)typeof(ColumnsTests).GetMethod(nameof(SelectOne), System.Reflection.BindingFlags.NonPublic | System.Reflection.BindingFlags.Static)!
            .MakeGenericMethod(entity.ClrType).Invoke(null, [db])!;

    private static Task<List<TEntity>> SelectOne<TEntity>(DbContext db) where TEntity : class =>
        db.Set<TEntity>().IgnoreQueryFilters().AsNoTracking().Take(1).ToListAsync(Ct);
}
