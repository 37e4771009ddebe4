using System.Globalization;
using Platform.Contracts;

namespace Platform.Loyalty.Orders;

/// <summary>The guest whose code it was, as shown to staff.</summary>
/// <param name="Name">First name and last initial, such as <c>Анна С.</c>; null while it is unknown and after erasure.</param>
public sealed record Guest(UserId UserId, string? Name)
{
    internal static readonly Guest Example = new(new UserId(5), "Анна С.");

    internal static Guest Of(UserId userId, string? fullName) => new(userId, ShortName(fullName));

    private static string? ShortName(string? fullName)
    {
        var names = fullName?.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries) ?? [];
        return names switch
        {
            [] => null,
            [var only] => only,
            // One visible letter may be several chars.
            [var first, .., var last] => $"{first} {StringInfo.GetNextTextElement(last)}.",
        };
    }
}
