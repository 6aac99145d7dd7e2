namespace Stack.TestKit;

/// <summary>What a certificate of <see cref="TestCertificates"/> is good for.</summary>
public enum LeafCertificate
{
    /// <summary>Names localhost, the loopback addresses and what else was asked for; valid until 2049.</summary>
    Valid,

    /// <summary>As <see cref="Valid"/>, but it ended in 2021.</summary>
    Expired,

    /// <summary>Valid in time, for a host name that no test server has.</summary>
    WrongName,
}
