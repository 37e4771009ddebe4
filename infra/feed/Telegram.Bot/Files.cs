using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization;
using Telegram.Bot.Serialization;
using Telegram.Bot.Types.Enums;

namespace Telegram.Bot.Types;

public abstract class FileBase
{
    /// <summary>What the same bot sends or fetches the file by; another bot has another.</summary>
    public string FileId { get; set; } = default!;

    /// <summary>The same for every bot and for ever; nothing can be sent by it.</summary>
    public string FileUniqueId { get; set; } = default!;

    /// <summary>In bytes.</summary>
    public long? FileSize { get; set; }
}

public class TGFile : FileBase
{
    /// <summary>Where <c>DownloadFile</c> finds it, for at least an hour.</summary>
    public string? FilePath { get; set; }
}

public class PhotoSize : FileBase
{
    public int Width { get; set; }

    public int Height { get; set; }
}

public class Document : FileBase
{
    public PhotoSize? Thumbnail { get; set; }

    public string? FileName { get; set; }

    public string? MimeType { get; set; }
}

[JsonConverter(typeof(InputFileConverter))]
public abstract class InputFile
{
    public abstract FileType FileType { get; }

    public static InputFile FromString(string urlOrFileId) =>
        Uri.TryCreate(urlOrFileId, UriKind.Absolute, out var url) ? FromUri(url) : FromFileId(urlOrFileId);

    public static InputFileStream FromStream(Stream stream, string? fileName = default)
    {
        ArgumentNullException.ThrowIfNull(stream);
        return new InputFileStream(stream, fileName ?? Path.GetFileName((stream as FileStream)?.Name));
    }

    public static InputFileUrl FromUri(Uri url) => new(url);

    public static InputFileUrl FromUri(string url) => new(url);

    public static InputFileId FromFileId(string fileId) => new(fileId);

    public static implicit operator InputFile(Stream stream) => FromStream(stream);

    [return: NotNullIfNotNull(nameof(urlOrFileId))]
    public static implicit operator InputFile?(string? urlOrFileId) => urlOrFileId is null ? null : FromString(urlOrFileId);

    public static implicit operator InputFile(FileBase file)
    {
        ArgumentNullException.ThrowIfNull(file);
        return FromFileId(file.FileId);
    }
}

[JsonConverter(typeof(InputFileConverter))]
public class InputFileId : InputFile
{
    public InputFileId()
    {
    }

    [SetsRequiredMembers]
    public InputFileId(string id) => Id = id;

    public override FileType FileType => FileType.Id;

    public required string Id { get; set; }
}

[JsonConverter(typeof(InputFileConverter))]
public class InputFileUrl : InputFile
{
    public InputFileUrl()
    {
    }

    [SetsRequiredMembers]
    public InputFileUrl(string url) => Url = new Uri(url);

    [SetsRequiredMembers]
    public InputFileUrl(Uri uri) => Url = uri;

    public override FileType FileType => FileType.Url;

    public required Uri Url { get; set; }
}

[JsonConverter(typeof(InputFileConverter))]
public class InputFileStream : InputFile
{
    public InputFileStream()
    {
    }

    [SetsRequiredMembers]
    public InputFileStream(Stream content, string? fileName = default) => (Content, FileName) = (content, fileName);

    public override FileType FileType => FileType.Stream;

    public required Stream Content { get; set; }

    public string? FileName { get; }

    public static implicit operator InputFileStream(Stream stream) => new(stream);
}
