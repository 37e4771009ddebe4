namespace Platform.Loyalty.Guests;

/// <summary>The number of a member card as a person types it, in the form that Users gave it: <c>MNT-7KQ2M9X7</c>.</summary>
internal static class CardNumber
{
    public const int LongestTyped = 36;

    private const string Prefix = "MNT";

    /// <summary>Any case, with or without the prefix, spaces and hyphens; O is read as 0, I and L as 1.</summary>
    public static string? Read(string? typed)
    {
        if (typed is null)
        {
            return null;
        }

        var number = string.Concat(typed.ToUpperInvariant().Where(char.IsAsciiLetterOrDigit));
        number = number.StartsWith(Prefix, StringComparison.Ordinal) ? number[Prefix.Length..] : number;
        return $"{Prefix}-{number.Replace('O', '0').Replace('I', '1').Replace('L', '1')}";
    }
}
