using System.Security.Cryptography;
using System.Text;

namespace Stack.Fuzz.Model;

/// <summary>Somebody with a password (RFC 8489 section 9.2.2 and 14.4).</summary>
internal sealed class ModelUser
{
    public ModelUser(string name, string password, string realm, string account)
    {
        Name = name;
        Account = account;
        byte[] secret = Encoding.UTF8.GetBytes($"{name}:{realm}:{password}");
        Md5Key = MD5.HashData(secret);
        Sha256Key = SHA256.HashData(secret);
        Userhash = SHA256.HashData(Encoding.UTF8.GetBytes($"{name}:{realm}"));
    }

    public string Name { get; }

    /// <summary>What quotas are counted by.</summary>
    public string Account { get; }

    public byte[] Md5Key { get; }

    public byte[] Sha256Key { get; }

    public byte[] Userhash { get; }
}
