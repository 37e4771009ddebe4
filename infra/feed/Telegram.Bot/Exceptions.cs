using System.Net;
using Telegram.Bot.Types;

namespace Telegram.Bot.Exceptions;

/// <summary>The Bot API could not be asked, or what came back is not an answer of its own.</summary>
public class RequestException : Exception
{
    public RequestException(string message)
        : base(message)
    {
    }

    public RequestException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    public RequestException(string message, HttpStatusCode httpStatusCode)
        : base(message) => HttpStatusCode = httpStatusCode;

    public RequestException(string message, HttpStatusCode httpStatusCode, Exception? innerException)
        : base(message, innerException) => HttpStatusCode = httpStatusCode;

    /// <summary>Of the answer, when one came that could not be read; null for a refusal by the Bot API, which has a code of its own.</summary>
    public HttpStatusCode? HttpStatusCode { get; }
}

/// <summary>The Bot API refused; the message is its own description.</summary>
public class ApiRequestException : RequestException
{
    public ApiRequestException(string message)
        : base(message)
    {
    }

    public ApiRequestException(string message, int errorCode)
        : base(message) => ErrorCode = errorCode;

    public ApiRequestException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    public ApiRequestException(string message, int errorCode, Exception innerException)
        : base(message, innerException) => ErrorCode = errorCode;

    public ApiRequestException(string message, int errorCode, ResponseParameters? parameters)
        : base(message) => (ErrorCode, Parameters) = (errorCode, parameters);

    public ApiRequestException(string message, int errorCode, ResponseParameters? parameters, Exception innerException)
        : base(message, innerException) => (ErrorCode, Parameters) = (errorCode, parameters);

    public virtual int ErrorCode { get; }

    public ResponseParameters? Parameters { get; }
}
