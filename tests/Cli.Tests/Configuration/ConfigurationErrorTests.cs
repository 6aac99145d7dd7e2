using System;
using System.IO;
using System.Linq;
using System.Text;
using Xunit;

namespace Stack.Cli.Tests;

/// <summary>security.md L11, L12, L14, L15, V46: whatever is wrong is said with its file, line and key, and never with its value.</summary>
public sealed class ConfigurationErrorTests
{
    [Theory]
    [InlineData("{\n\n \"lisen\": \"udp://127.0.0.1:3478\"\n}", 3, "lisen", "no such key")]
    [InlineData("{\n \"realm\": \"a\",\n \"classic\": true,\n \"realm\": \"b\"\n}", 4, "realm", "twice")]
    [InlineData("{\"limits\": {\n\"allocations\": 1,\n\"allocations\": 2}}", 3, "limits.allocations", "twice")]
    [InlineData("{\"limits\": {\n\n\"alocations\": 1}}", 3, "limits.alocations", "no such limit")]
    [InlineData("{\n\"connections\": {\n\"max\": 1}}", 3, "connections.max", "no such limit")]
    [InlineData("{\n\"connections\": {\n\"idle-timeout\": 0}}", 3, "connections.idle-timeout", "0.001")]
    [InlineData("{\n\"log\": {\n\"colour\": \"red\"}}", 3, "log.colour", "no such key")]
    [InlineData("{\n\"alternate-servers\": [\n{\"adress\": \"1.2.3.4:1\"}]}", 3, "alternate-servers.adress", "no such key")]
    [InlineData("{\n\"alternate-servers\": [\n{\"domain\": \"a\"}]}", 3, "alternate-servers", "address is missing")]
    [InlineData("{\n\"classic\": \"true\"}", 2, "classic", "true or false")]
    [InlineData("{\n\"classic\": 1}", 2, "classic", "true or false")]
    [InlineData("{\n\"realm\": 7}", 2, "realm", "string")]
    [InlineData("{\n\"realm\": \"\"}", 2, "realm", "string")]
    [InlineData("{\n\"realm\": null}", 2, "realm", "string")]
    [InlineData("{\n\"realm\": [\"a\"]}", 2, "realm", "string")]
    [InlineData("{\n\"realm\": \"a\\u0000b\"}", 2, "realm", "control")]
    [InlineData("{\n\"software\": \"a\\nb\"}", 2, "software", "control")]
    [InlineData("{\n\"listen\": {}}", 2, "listen", "string")]
    [InlineData("{\n\"listen\": [[]]}", 2, "listen", "string")]
    [InlineData("{\n\"limits\": []}", 2, "limits", "object")]
    [InlineData("{\n\"shards\": 0}", 2, "shards", "from 1 to 256")]
    [InlineData("{\n\"shards\": 1.0}", 2, "shards", "whole")]
    [InlineData("{\n\"shards\": 1e1}", 2, "shards", "whole")]
    [InlineData("{\n\"shards\": \"4\"}", 2, "shards", "whole")]
    [InlineData("{\n\"shards\": 99999999999999999999}", 2, "shards", "whole")]
    [InlineData("{\n\"drain-seconds\": -1}", 2, "drain-seconds", "from 0 to 86400")]
    [InlineData("{\"limits\": {\n\"max-lifetime\": 1e400}}", 2, "limits.max-lifetime", "seconds")]
    [InlineData("{\"limits\": {\n\"nonce-lifetime\": 3601}}", 2, "limits.nonce-lifetime", "3600")]
    [InlineData("{\"limits\": {\n\"allocations\": 0.5}}", 2, "limits.allocations", "whole")]
    [InlineData("{\"limits\": {\n\"default-lifetime\": 3601}}", 2, "limits.default-lifetime", "max-lifetime")]
    [InlineData("{\"limits\": {\n\"first-port\": 60000,\n\"last-port\": 59999}}", 2, "limits.first-port", "above")]
    [InlineData("{\"allow-peer\": [\n\"10.0.0.0/8\",\n\"10.0.0.1/8\"]}", 3, "allow-peer", "bits are set|bits set")]
    [InlineData("{\"deny-peer\": [\n\"10.0.0.0/33\"]}", 2, "deny-peer", "length")]
    [InlineData("{\"deny-peer\": \n\"10.0.0.0-10.0.0.9\"}", 2, "deny-peer", "network")]
    [InlineData("{\"deny-peer\": [\"10.0.0.0/8\",\n\"10.0.0.0/8\"]}", 2, "deny-peer", "twice")]
    [InlineData("{\"relay-address\":\n\"0.0.0.0\"}", 2, "relay-address", "one host")]
    [InlineData("{\"relay-address\":\n\"::\"}", 2, "relay-address", "one host")]
    [InlineData("{\"relay-address\":\n\"224.0.0.1\"}", 2, "relay-address", "one host")]
    [InlineData("{\"relay-address\":\n\"fe80::1%2\"}", 2, "relay-address", "zone")]
    [InlineData("{\"relay-address\":\n\"::ffff:10.0.0.1\"}", 2, "relay-address", "address")]
    [InlineData("{\"external-address\":\n\"10.0.0.1:0\"}", 2, "external-address", "without a port")]
    [InlineData("{\"auth-secret-hash\":\n\"md5\"}", 2, "auth-secret-hash", "sha1")]
    [InlineData("{\"log\": {\n\"level\": \"verbose\"}}", 2, "log.level", "info")]
    [InlineData("{\"log\": {\n\"format\": \"xml\"}}", 2, "log.format", "json")]
    [InlineData("{\"user\":\n\"alice\"}", 2, "user", "name:password")]
    [InlineData("{\"user\":\n\":secret\"}", 2, "user", "name:password")]
    [InlineData("{\"user\":\n\"alice:key=12\"}", 2, "user", "32 hexadecimal")]
    [InlineData("{\"user\":\n\"alice:key=zz345678901234567890123456789012\"}", 2, "user", "32 hexadecimal")]
    [InlineData("{\"user\":\n\"alice:a\\u0007\"}", 2, "user", "not allowed")]
    [InlineData("{\"user\": [\"alice:a\",\n\"alice:b\"]}", 1, "user", "twice")]
    [InlineData("{\"cert\":\n\"missing.pem\"}", 2, "cert", "cannot be read")]
    [InlineData("{\"cert\":\n\"a\\u0000b\"}", 2, "cert", "no path")]
    [InlineData("{\"nonce-key-file\":\n\"missing\"}", 2, "nonce-key-file", "cannot be read")]
    [InlineData("{\"users-file\":\n\"missing\"}", 2, "users-file", "cannot be read")]
    public void TryRead_WrongValue_IsSaidWithItsLineAndKey(string json, int line, string key, string part)
    {
        using ConfigurationFolder folder = new();
        ConfigurationError error = folder.Refuse(json);
        Assert.Equal((line, key), (error.Line, error.Key));
        Assert.Contains(part.Split('|'), one => error.Message.Contains(one, StringComparison.Ordinal));
        Assert.Equal(folder.PathOf("serve.json"), error.File);
        Assert.StartsWith($"{error.File}:{line}: {key}: ", error.ToString(), StringComparison.Ordinal);
    }

    // L12 and whatever else is no strict JSON.
    [Theory]
    [InlineData("", 1)]
    [InlineData("   \n\n", 3)]
    [InlineData("{", 1)]
    [InlineData("{}\n{}", 2)]
    [InlineData("{}\nx", 2)]
    [InlineData("[]", 1)]
    [InlineData("\n7", 2)]
    [InlineData("\n\"a\"", 2)]
    [InlineData("null", 1)]
    [InlineData("{\n// a remark\n}", 2)]
    [InlineData("{\n/* a remark */\n}", 2)]
    [InlineData("{\n\"classic\": true,\n}", 3)]
    [InlineData("{\n\"classic\": True}", 2)]
    [InlineData("{\n'classic': true}", 2)]
    [InlineData("{\n\"shards\": NaN}", 2)]
    [InlineData("{\n\"shards\": 0x10}", 2)]
    [InlineData("{\n\"shards\": 010}", 2)]
    [InlineData("{\n\"shards\": +1}", 2)]
    [InlineData("{\n\t\"classic\": true}", 2)]
    [InlineData("{\n\"realm\": \"a\tb\"}", 2)]
    [InlineData("{\n\"realm\": \"a\nb\"}", 2)]
    [InlineData("{\n\"realm\": \"\\ud800\"}", 2)]
    [InlineData("{\n\"\\ud800\": 1}", 2)]
    [InlineData("{\n\"realm\": \"\\x41\"}", 2)]
    public void TryRead_NoStrictJson_IsRefusedWithTheLine(string json, int line)
    {
        using ConfigurationFolder folder = new();
        Assert.Equal(line, folder.Refuse(json).Line);
    }

    [Fact]
    public void TryRead_MarksAndOtherEncodings_AreRefused()
    {
        using ConfigurationFolder folder = new();
        Assert.Contains("byte order mark", folder.Refuse([0xEF, 0xBB, 0xBF, .. "{}"u8]).Message, StringComparison.Ordinal);
        Assert.Contains("byte order mark", folder.Refuse([.. Encoding.Unicode.Preamble, .. Encoding.Unicode.GetBytes("{}")]).Message, StringComparison.Ordinal);
        ConfigurationError invalid = folder.Refuse([.. "{\n\"realm\": \""u8, 0xC3, 0x28, .. "\"}"u8]);
        Assert.Equal((2, "the text is not UTF-8"), (invalid.Line, invalid.Message));
    }

    [Fact]
    public void TryRead_TenMebibytes_AreRefused()
    {
        using ConfigurationFolder folder = new();
        ConfigurationError error = folder.Refuse(Encoding.ASCII.GetBytes("{" + new string(' ', 10 * 1024 * 1024) + "}"));
        Assert.Contains("at most", error.Message, StringComparison.Ordinal);
        Assert.Equal(1, error.Line);
    }

    [Theory]
    [InlineData(5)]
    [InlineData(100)]
    [InlineData(150_000)]
    public void TryRead_DeepNesting_IsRefused(int depth)
    {
        using ConfigurationFolder folder = new();
        ConfigurationError arrays = folder.Refuse("{\n\"listen\":\n" + new string('[', depth) + new string(']', depth) + "}");
        Assert.Equal((3, "listen", "this is nested too deeply"), (arrays.Line, arrays.Key, arrays.Message));
        ConfigurationError objects = folder.Refuse("{\n\"limits\": " + string.Concat(Enumerable.Repeat("{\"a\":", depth)));
        Assert.Equal((2, "this is nested too deeply"), (objects.Line, objects.Message));
    }

    // L14.
    [Theory]
    [InlineData("\"alternate\": \"192.0.2.1:65536\"")]
    [InlineData("\"alternate\": \"192.0.2.1:-1\"")]
    [InlineData("\"alternate\": \"192.0.2.1:3478x\"")]
    [InlineData("\"alternate\": \"192.0.2.1:0x10\"")]
    [InlineData("\"alternate-servers\": [\"192.0.2.1:0\"]")]
    [InlineData("\"alternate-servers\": [\"turn.example.org:3478\"]")]
    [InlineData("\"listen\": \"udp://127.0.0.1:65536\"")]
    [InlineData("\"listen\": \"udp://127.0.0.1:-1\"")]
    [InlineData("\"listen\": \"udp://127.0.0.1:3478x\"")]
    [InlineData("\"listen\": \"udp://127.0.0.1:0x10\"")]
    [InlineData("\"listen\": \"dtls://127.0.0.1:3478\"")]
    [InlineData("\"listen\": \"127.0.0.1:3478\"")]
    [InlineData("\"allow-peer-ports\": 0")]
    [InlineData("\"allow-peer-ports\": 65536")]
    [InlineData("\"allow-peer-ports\": -1")]
    [InlineData("\"allow-peer-ports\": \"0x10\"")]
    [InlineData("\"allow-peer-ports\": \"3478x\"")]
    [InlineData("\"allow-peer-ports\": \"2-1\"")]
    [InlineData("\"allow-peer-ports\": \"1-65536\"")]
    [InlineData("\"allow-peer-ports\": \"-\"")]
    [InlineData("\"allow-peer-ports\": [true]")]
    [InlineData("\"limits\": {\"first-port\": 0}")]
    [InlineData("\"limits\": {\"last-port\": 65536}")]
    public void TryRead_PortThatIsNone_IsRefused(string member)
    {
        using ConfigurationFolder folder = new();
        ConfigurationError error = folder.Refuse("{\n\n" + member + "}");
        Assert.Equal(3, error.Line);
        Assert.StartsWith(error.Key.Split('.')[0], member.Trim('"'), StringComparison.Ordinal);
    }

    // L11.
    [Theory]
    [InlineData("auth-secret-file")]
    [InlineData("users-file")]
    [InlineData("nonce-key-file")]
    public void TryRead_SecretFileOfAnyKind_HasToBeItsOwnersAlone(string key)
    {
        using ConfigurationFolder folder = new();
        string json = $"{{\n\"{key}\": \"secret\"}}";
        folder.Write("secret", "canary0123456789canary", isOpenToOthers: true);
        AssertRefused(folder, json, key, "others");
        folder.Write("secret", "");
        AssertRefused(folder, json, key, "empty");
        folder.Write("secret", [0x63, 0xFF, 0xFE]);
        AssertRefused(folder, json, key, "UTF-8");
        File.Delete(folder.PathOf("secret"));
        Directory.CreateDirectory(folder.PathOf("secret"));
        AssertRefused(folder, json, key, "directory");
        Directory.Delete(folder.PathOf("secret"));
        File.CreateSymbolicLink(folder.PathOf("secret"), folder.PathOf("loop"));
        File.CreateSymbolicLink(folder.PathOf("loop"), folder.PathOf("secret"));
        AssertRefused(folder, json, key, "cannot be read");
    }

    [Fact]
    public void TryRead_PasswordsInAFileThatOthersRead_AreRefused()
    {
        using ConfigurationFolder folder = new();
        ConfigurationError error = folder.Refuse("{\n\"user\": \"alice:canary\"}"u8.ToArray(), isOpenToOthers: true);
        Assert.Equal((2, "user"), (error.Line, error.Key));
        Assert.Contains("chmod 600", error.Message, StringComparison.Ordinal);
        string open = folder.Write("open.json", "{\"classic\": true}", isOpenToOthers: true);
        Assert.True(ConfigurationFolder.TryRead(open, out _));
    }

    // L15: the message says the line of the one that is weak.
    [Theory]
    [InlineData("canary-15-bytes")]
    [InlineData("changeme")]
    [InlineData("secret\n")]
    [InlineData("changemechangeme")]
    public void TryRead_WeakSecret_IsRefused(string secret)
    {
        using ConfigurationFolder folder = new();
        folder.Write("good", "0123456789abcdef0123456789abcdef");
        folder.Write("weak", secret);
        ConfigurationError error = folder.Refuse("{\"auth-secret-file\": [\n\"good\",\n\"weak\"\n]}");
        Assert.Equal((3, "auth-secret-file"), (error.Line, error.Key));
        Assert.DoesNotContain(secret.Trim(), error.ToString().Replace("shared secret", "", StringComparison.OrdinalIgnoreCase)
            .Replace("auth-secret", "", StringComparison.Ordinal), StringComparison.Ordinal);
    }

    [Fact]
    public void TryRead_LineEndOfASecret_IsTrimmedOnce()
    {
        using ConfigurationFolder folder = new();
        folder.Write("secret", "0123456789abcdef\n\n");
        Assert.Equal("0123456789abcdef\n", Encoding.UTF8.GetString(folder.Read("{\"auth-secret-file\": \"secret\"}").AuthSecrets[0]));
    }

    [Theory]
    [InlineData("alice:a\nbob\n", 2, "name:password")]
    [InlineData("alice:a\n\n# x\nalice:b\n", 4, "twice")]
    [InlineData("alice:a\nbob:\n", 2, "name:password")]
    [InlineData("alice:key=00\n", 1, "hexadecimal")]
    [InlineData("alice:canary\u0001\n", 1, "not allowed")]
    [InlineData("al\u0001ice:canary\n", 1, "name of the user")]
    public void TryRead_UsersFile_SaysTheLineInThatFile(string users, int line, string part)
    {
        using ConfigurationFolder folder = new();
        string path = folder.Write("users", users);
        ConfigurationError error = folder.Refuse("{\"users-file\": \"users\"}");
        Assert.Equal((path, line, "users-file"), (error.File, error.Line, error.Key));
        Assert.Contains(part, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("canary", error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void TryRead_UserInBothPlaces_IsRefused()
    {
        using ConfigurationFolder folder = new();
        folder.Write("users", "alice:a");
        Assert.Contains("twice", folder.Refuse("{\"users-file\": \"users\", \"user\": \"alice:b\"}").Message, StringComparison.Ordinal);
    }

    [Fact]
    public void TryRead_KeysOfAUser_AreTakenInEitherOrder()
    {
        using ConfigurationFolder folder = new();
        string md5 = new('1', 32);
        string sha256 = new('2', 64);
        ServeConfiguration read = folder.Read($"{{\"user\": [\"a:key={md5},{sha256}\", \"b:key={sha256},{md5}\", \"c:key={sha256}\"]}}");
        Assert.Equal(3, read.Users.Count);
        Assert.Contains("hexadecimal", folder.Refuse($"{{\"user\": \"a:key={md5},{md5}\"}}").Message, StringComparison.Ordinal);
        Assert.Contains("hexadecimal", folder.Refuse($"{{\"user\": \"a:key={md5},{sha256},{md5}\"}}").Message, StringComparison.Ordinal);
    }

    [Fact]
    public void TryRead_FileThatIsNone_HasNoLine()
    {
        using ConfigurationFolder folder = new();
        Assert.False(ConfigurationFolder.TryRead(folder.PathOf("missing.json"), out ConfigurationError? missing));
        Assert.Equal(0, missing.Line);
        Assert.False(ConfigurationFolder.TryRead(folder.Path, out ConfigurationError? directory));
        Assert.Equal($"{folder.Path}: this is a directory", directory.ToString());
        Assert.False(ConfigurationFolder.TryRead("", out _));
    }

    // A key is foreign text too: it cannot speak to the terminal.
    [Fact]
    public void ToString_HostileKey_IsEscaped()
    {
        using ConfigurationFolder folder = new();
        ConfigurationError error = folder.Refuse("{\"\\u001b[2J\\nINFO fake\": 1}");
        Assert.Contains("\\u{1b}[2J\\u{a}INFO fake", error.ToString(), StringComparison.Ordinal);
        Assert.True(folder.Refuse($"{{\"{new string('k', 5000)}\": 1}}").ToString().Length < 600);
    }

    private static void AssertRefused(ConfigurationFolder folder, string json, string key, string part)
    {
        ConfigurationError error = folder.Refuse(json);
        Assert.Equal((2, key), (error.Line, error.Key));
        Assert.Contains(part, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("canary", error.ToString(), StringComparison.Ordinal);
    }
}
