using System.Security.Cryptography;
using System.Text;

namespace Stack.Fuzz.Model;

/// <summary>Somebody with a password, and maybe the one before (RFC 8489 section 9.2.2 and 14.4).</summary>
internal sealed class ModelUser
{
    public ModelUser(string name, string realm, string account, params string[] passwords)
    {
        Name = name;
        Account = account;
        Md5Keys = new byte[passwords.Length][];
        Sha256Keys = new byte[passwords.Length][];
        for (int i = 0; i < passwords.Length; i++)
        {
            byte[] secret = Encoding.UTF8.GetBytes($"{name}:{realm}:{passwords[i]}");
            Md5Keys[i] = MD5.HashData(secret);
            Sha256Keys[i] = SHA256.HashData(secret);
        }

        Userhash = SHA256.HashData(Encoding.UTF8.GetBytes($"{name}:{realm}"));
    }

    public string Name { get; }

    /// <summary>What quotas are counted by.</summary>
    public string Account { get; }

    /// <summary>The keys of the passwords that count, the newest first.</summary>
    public byte[][] Md5Keys { get; }

    public byte[][] Sha256Keys { get; }

    public byte[] Userhash { get; }
}
