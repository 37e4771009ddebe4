using System.Reflection;
using Platform.Database;
using Platform.Tests.Database;

namespace Platform.Tests.Conventions;

/// <summary>No migration may forget to say what its way back would lose.</summary>
public sealed class RollbackTests(PlatformDatabase platform) : IClassFixture<PlatformDatabase>
{
    private static IReadOnlyList<(string Service, SqlMigration Migration)> Migrations { get; } =
    [
        .. from schema in Sources.Schemas
           from type in Assembly.Load(char.ToUpperInvariant(schema[0]) + schema[1..]).GetTypes()
           where type is { IsAbstract: false } && type.IsAssignableTo(typeof(SqlMigration))
           select (schema, (SqlMigration)Activator.CreateInstance(type)!),
    ];

    [Fact]
    public void Whatever_a_way_back_drops_is_said_to_hold_facts_or_to_be_derived()
    {
        Migrations.Select(entry => entry.Service).Distinct().ShouldBe(Sources.Schemas, ignoreOrder: true, "Each service has migrations to look at.");
        Migrations.Sum(entry => entry.Migration.Facts().Count).ShouldBeGreaterThan(40);

        Migrations.SelectMany(entry => entry.Migration.Undeclared().Select(drop => $"{entry.Service} {entry.Migration.GetType().Name}: {drop}")).ShouldBeEmpty(
            "Override Drops: Dropped.Fact(...) for what nobody can tell again, Dropped.Derived(..., why) for the rest.");
    }

    [Fact]
    public void What_is_said_to_be_dropped_is_dropped() =>
        Migrations.SelectMany(entry => entry.Migration.LeftAlone().Select(drop => $"{entry.Service} {entry.Migration.GetType().Name}: {drop}")).ShouldBeEmpty();

    [Fact]
    public async Task Every_question_after_facts_can_be_asked()
    {
        var ct = TestContext.Current.CancellationToken;
        foreach (var (service, migration) in Migrations)
        {
            await using var connection = await platform.Database.Open(platform.Database.Owner(service)).OpenConnectionAsync(ct);
            foreach (var fact in migration.Facts())
            {
                await using var count = new Npgsql.NpgsqlCommand(fact.CountSql, connection);
                (await count.ExecuteScalarAsync(ct)).ShouldBe(0L, $"{migration.GetType().Name}: {fact} of an empty platform");
            }
        }
    }
}
