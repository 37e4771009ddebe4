using System.Globalization;
using Platform.Contracts;

namespace Platform.Loyalty.Orders;

/// <summary>Whose code it was, as the staff are told.</summary>
/// <param name="Name">First name and the initial of the last one: <c>Анна С.</c>; null while it is not known, and once the person is erased.</param>
public sealed record Guest(UserId UserId, string? Name)
{
    internal static readonly Guest Example = new(new UserId(5), "Анна С.");

    internal static Guest Of(UserId userId, string? fullName) => new(userId, ShownAs(fullName));

    private static string? ShownAs(string? fullName)
    {
        var names = fullName?.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries) ?? [];
        return names switch
        {
            [] => null,
            [var only] => only,
            // A letter may be more than one char.
            [var first, .., var last] => $"{first} {StringInfo.GetNextTextElement(last)}.",
        };
    }
}
