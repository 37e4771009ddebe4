using System.Reflection;
using System.Text.Json;

namespace Platform.Tests.Database;

public sealed class SqlEnumTests(PlatformDatabase platform) : IClassFixture<PlatformDatabase>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_SQL_enum_has_the_same_members_as_the_enum_of_its_name_in_the_code()
    {
        var types = await platform.Database.Column<string>(
            """
            select format('%s.%s(%s)', nspname, typname, string_agg(enumlabel, ' ' order by enumsortorder))
            from pg_enum join pg_type on pg_type.oid = enumtypid join pg_namespace on pg_namespace.oid = typnamespace
            group by nspname, typname order by 1
            """, Ct);
        types.Count.ShouldBeGreaterThanOrEqualTo(4, "Found too few: this test would prove nothing.");

        types.Except(Sources.Schemas.SelectMany(Enums)).ShouldBeEmpty("Each is mapped to a C# enum that reads its labels by their names.");
    }

    private static IEnumerable<string> Enums(string service) =>
        from type in Assembly.Load(char.ToUpperInvariant(service[0]) + service[1..]).GetTypes()
        where type.IsEnum
        select $"{service}.{Snake(type.Name)}({string.Join(' ', Enum.GetNames(type).Select(Snake))})";

    private static string Snake(string name) => JsonNamingPolicy.SnakeCaseLower.ConvertName(name);
}
