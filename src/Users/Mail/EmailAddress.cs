using System.ComponentModel.DataAnnotations;
using System.Security.Cryptography;
using System.Text;
using Platform.ServiceDefaults.Web;

namespace Platform.Users.Mail;

/// <summary>An e-mail address in lower case, so that one mailbox has one form however it was typed.</summary>
/// <remarks>RFC 5321 lets a server distinguish case before the @; in practice none does, and people forget how they typed it.</remarks>
internal readonly record struct EmailAddress
{
    /// <summary>RFC 5321 allows 256 octets for a path, including two brackets.</summary>
    public const int MaxLength = 254;

    /// <summary>Local part of 1 to 64 characters, domain of at least two labels, all in ASCII. Nothing in it can end a line in SMTP or a header.</summary>
    public const string Pattern =
        @"^(?=[^@]{1,64}@)[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*"
        + @"@([A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z]([A-Za-z0-9-]{0,61}[A-Za-z0-9])$";

    private EmailAddress(string value) => Value = value;

    public string Value { get; }

    /// <summary>Identifies the address where the address itself is not stored.</summary>
    public byte[] Hash => SHA256.HashData(Encoding.UTF8.GetBytes(Value));

    public string Subject => Caller.SubjectOf(Value);

    /// <param name="typed">Already validated by <see cref="MailboxAttribute"/>.</param>
    public static EmailAddress From(string typed) => new(typed.ToLowerInvariant());

    /// <summary>Safe to log: does not contain the address.</summary>
    public override string ToString() => Subject;
}

[AttributeUsage(AttributeTargets.Property | AttributeTargets.Parameter)]
internal sealed class MailboxAttribute() : RegularExpressionAttribute(EmailAddress.Pattern)
{
    public override string FormatErrorMessage(string name) => $"The field {name} must be an e-mail address such as anna@example.com.";
}
