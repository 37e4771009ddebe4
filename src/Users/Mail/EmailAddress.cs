using System.ComponentModel.DataAnnotations;
using System.Security.Cryptography;
using System.Text;
using Platform.ServiceDefaults.Web;

namespace Platform.Users.Mail;

/// <summary>An e-mail address, in lower case: however it was typed, one mailbox has one form.</summary>
/// <remarks>By RFC 5321 a server may tell capitals apart before the @; none does, and people do not know how they typed it last time.</remarks>
internal readonly record struct EmailAddress
{
    /// <summary>RFC 5321's 256 octets of a path, less its two brackets.</summary>
    public const int MaxLength = 254;

    /// <summary>
    /// An unquoted local part of 1 to 64 characters, and a domain of two labels at least; ASCII, so a domain in another script is
    /// written as <c>xn--…</c>. Nothing in it can end a line of SMTP or of a header.
    /// </summary>
    public const string Pattern =
        @"^(?=[^@]{1,64}@)[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*"
        + @"@([A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z]([A-Za-z0-9-]{0,61}[A-Za-z0-9])$";

    private EmailAddress(string value) => Value = value;

    public string Value { get; }

    /// <summary>By which it is known where the address itself need not be kept.</summary>
    public byte[] Hash => SHA256.HashData(Encoding.UTF8.GetBytes(Value));

    /// <inheritdoc cref="Caller.SubjectOf"/>
    public string Subject => Caller.SubjectOf(Value);

    /// <param name="typed">Checked by <see cref="MailboxAttribute"/> before.</param>
    public static EmailAddress Of(string typed) => new(typed.ToLowerInvariant());

    /// <summary>What may stand in a log: not the address.</summary>
    public override string ToString() => Subject;
}

/// <summary>An e-mail address that mail can be sent to, as <see cref="EmailAddress.Pattern"/> has it.</summary>
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Parameter)]
internal sealed class MailboxAttribute() : RegularExpressionAttribute(EmailAddress.Pattern)
{
    public override string FormatErrorMessage(string name) => $"The field {name} must be an e-mail address such as anna@example.com.";
}
