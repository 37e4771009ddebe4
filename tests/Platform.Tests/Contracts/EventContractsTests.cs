using System.Reflection;
using System.Runtime.CompilerServices;
using Platform.Contracts;
using Platform.Contracts.Billing;

namespace Platform.Tests.Contracts;

public sealed class EventContractsTests
{
    /// <summary>Allowed endings of event names. Add a new past participle here; only <c>Expiring</c> announces the future.</summary>
    private static readonly string[] Participles =
    [
        "Registered", "Referred", "Erased", "Blocked", "Unblocked", "Placed", "Refunded", "Changed", "Started", "Granted", "Priced",
        "Updated", "Activated", "Expiring", "Expired", "Switched", "Succeeded", "Used", "Completed", "Generated", "Revoked", "Connected", "Recovered",
        "Received", "Issued", "Redeemed", "Replied",
    ];

    /// <summary>What one service answers another.</summary>
    private static readonly Type[] Answers = [typeof(LetterQuota)];

    private static readonly string Root = typeof(UserId).Namespace!;

    private static IReadOnlyList<Type> Events { get; } =
    [
        .. typeof(UserId).Assembly.GetExportedTypes().Where(type => type.Namespace!.StartsWith($"{Root}.", StringComparison.Ordinal) && IsRecord(type)),
    ];

    [Fact]
    public void Every_event_is_a_sealed_record_named_for_what_happened()
    {
        Events.Count.ShouldBeGreaterThanOrEqualTo(5, "Found too few events: this test would prove nothing.");

        Events.SelectMany(Violations).ShouldBeEmpty();
    }

    [Theory]
    [InlineData(typeof(PlaceOrder), "is not named for what has happened")]
    [InlineData(typeof(OpenPlaced), "is not sealed")]
    [InlineData(typeof(MutablePlaced), "can be changed")]
    [InlineData(typeof(BareIdChanged), "UserId is Int64")]
    [InlineData(typeof(DoubleChanged), "Amount is Double")]
    [InlineData(typeof(ZonelessChanged), "ChangedAt is DateTime")]
    public void The_rule_sees_a_wrong_event(Type wrong, string violation) =>
        Violations(wrong).ShouldContain(found => found.Contains(violation, StringComparison.Ordinal));

    private static IEnumerable<string> Violations(Type type)
    {
        var name = type.FullName!;
        if (!Sources.Services.Contains(type.Namespace!.Split('.')[^1]))
        {
            yield return $"{name} is in no service's folder";
        }

        if (!type.IsSealed)
        {
            yield return $"{name} is not sealed";
        }

        if (!Answers.Contains(type) && !Participles.Any(participle => type.Name.EndsWith(participle, StringComparison.Ordinal)))
        {
            yield return $"{name} is not named for what has happened";
        }

        foreach (var property in type.GetProperties(BindingFlags.Public | BindingFlags.Instance))
        {
            var value = Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType;
            if (property.SetMethod is { } set && !set.ReturnParameter.GetRequiredCustomModifiers().Contains(typeof(IsExternalInit)))
            {
                yield return $"{name}.{property.Name} can be changed";
            }

            var wrong = property.Name switch
            {
                _ when value == typeof(double) || value == typeof(float) || value == typeof(DateTime) => true,
                // Money must be Money: a bare decimal has neither scale nor currency.
                _ when value == typeof(decimal) => true,
                var id when id.EndsWith("UserId", StringComparison.Ordinal) => value != typeof(UserId),
                var id when id.EndsWith("TelegramId", StringComparison.Ordinal) => value != typeof(TelegramId),
                var id when id.EndsWith("Id", StringComparison.Ordinal) => value == typeof(long) || value == typeof(int),
                _ => false,
            };
            if (wrong)
            {
                yield return $"{name}.{property.Name} is {value.Name}";
            }
        }
    }

    // Only the compiler can write this method, and it does so for records.
    private static bool IsRecord(Type type) => type.IsClass && type.GetMethod("<Clone>$") is not null;

    public sealed record PlaceOrder;

    public record OpenPlaced;

    public sealed record MutablePlaced
    {
        public string? Shop { get; set; }
    }

    public sealed record BareIdChanged(long UserId);

    public sealed record DoubleChanged(double Amount);

    public sealed record ZonelessChanged(DateTime ChangedAt);
}
