<?xml version="1.0" encoding="UTF-8"?>
<!-- Shows answers of the OAI-PMH provider to people. -->
<xsl:stylesheet version="1.0"
    xmlns:xsl="http://www.w3.org/1999/XSL/Transform"
    xmlns:oai="http://www.openarchives.org/OAI/2.0/"
    xmlns:dc="http://purl.org/dc/elements/1.1/"
    exclude-result-prefixes="oai dc">
  <xsl:output method="html" encoding="UTF-8" doctype-system="about:legacy-compat"/>
  <xsl:variable name="asked" select="/oai:OAI-PMH/oai:request"/>
  <xsl:variable name="base" select="$asked"/>
  <xsl:variable name="format">
    <xsl:choose>
      <xsl:when test="$asked/@metadataPrefix"><xsl:value-of select="$asked/@metadataPrefix"/></xsl:when>
      <xsl:otherwise>oai_dc</xsl:otherwise>
    </xsl:choose>
  </xsl:variable>

  <xsl:template match="/oai:OAI-PMH">
    <html lang="en">
      <head>
        <meta charset="utf-8"/>
        <meta name="viewport" content="width=device-width, initial-scale=1"/>
        <meta name="robots" content="noindex"/>
        <title>OAI-PMH: <xsl:value-of select="oai:request/@verb"/></title>
        <link rel="stylesheet" href="static/oai.css"/>
      </head>
      <body>
        <nav>
          <a href="./">Archive</a>
          <a href="{$base}?verb=Identify">Identify</a>
          <a href="{$base}?verb=ListMetadataFormats">Formats</a>
          <a href="{$base}?verb=ListSets">Sets</a>
          <a href="{$base}?verb=ListRecords&amp;metadataPrefix=oai_dc">Records</a>
          <a href="{$base}?verb=ListIdentifiers&amp;metadataPrefix=oai_dc">Identifiers</a>
        </nav>
        <h1>
          <xsl:choose>
            <xsl:when test="oai:request/@verb"><xsl:value-of select="oai:request/@verb"/></xsl:when>
            <xsl:otherwise>OAI-PMH</xsl:otherwise>
          </xsl:choose>
        </h1>
        <p class="quiet">
          For harvesting programs; this page only makes the answer readable.
          <xsl:value-of select="oai:responseDate"/>
        </p>
        <p>
          <a>
            <xsl:attribute name="href">
              <xsl:value-of select="$base"/>
              <xsl:text>/browse</xsl:text>
              <xsl:for-each select="$asked/@*">
                <xsl:choose>
                  <xsl:when test="position() = 1">?</xsl:when>
                  <xsl:otherwise>&amp;</xsl:otherwise>
                </xsl:choose>
                <xsl:value-of select="concat(name(), '=', .)"/>
              </xsl:for-each>
            </xsl:attribute>
            <xsl:text>Read it as an ordinary page, with dates, sets and formats at hand</xsl:text>
          </a>
          <xsl:text> · </xsl:text><a href="{$base}/browse?lang=ky" lang="ky">Кыргызча</a>
          <xsl:text> · </xsl:text><a href="{$base}/browse?lang=ru" lang="ru">Русский</a>
        </p>
        <xsl:apply-templates select="*[not(self::oai:request or self::oai:responseDate)]"/>
      </body>
    </html>
  </xsl:template>

  <xsl:template match="oai:error">
    <article data-status="deleted">
      <h2 class="mark"><xsl:value-of select="@code"/></h2>
      <p><xsl:value-of select="."/></p>
    </article>
  </xsl:template>

  <xsl:template match="oai:Identify">
    <article><dl><xsl:apply-templates mode="fact"/></dl></article>
  </xsl:template>

  <xsl:template match="*" mode="fact">
    <xsl:choose>
      <xsl:when test="*"><xsl:apply-templates mode="fact"/></xsl:when>
      <xsl:otherwise>
        <dt><xsl:value-of select="local-name()"/></dt>
        <dd>
          <xsl:choose>
            <xsl:when test="starts-with(., 'http://') or starts-with(., 'https://')">
              <a href="{.}"><xsl:value-of select="."/></a>
            </xsl:when>
            <xsl:otherwise><xsl:value-of select="."/></xsl:otherwise>
          </xsl:choose>
        </dd>
      </xsl:otherwise>
    </xsl:choose>
  </xsl:template>
  <xsl:template match="text()" mode="fact"/>

  <xsl:template match="oai:metadataFormat">
    <article>
      <h2><xsl:value-of select="oai:metadataPrefix"/></h2>
      <dl><xsl:apply-templates select="oai:schema | oai:metadataNamespace" mode="fact"/></dl>
      <p><a href="{$base}?verb=ListRecords&amp;metadataPrefix={oai:metadataPrefix}">Records</a></p>
    </article>
  </xsl:template>

  <xsl:template match="oai:set">
    <article>
      <h2><xsl:value-of select="oai:setName"/></h2>
      <p class="quiet"><xsl:value-of select="oai:setSpec"/></p>
      <p><a href="{$base}?verb=ListRecords&amp;metadataPrefix=oai_dc&amp;set={oai:setSpec}">Records</a></p>
    </article>
  </xsl:template>

  <xsl:template match="oai:record">
    <article data-status="{oai:header/@status}">
      <xsl:apply-templates select="oai:header"/>
      <dl><xsl:apply-templates select="oai:metadata" mode="fact"/></dl>
    </article>
  </xsl:template>

  <xsl:template match="oai:ListIdentifiers/oai:header">
    <article data-status="{@status}"><xsl:call-template name="header"/></article>
  </xsl:template>
  <xsl:template match="oai:header"><xsl:call-template name="header"/></xsl:template>

  <xsl:template name="header">
    <h2>
      <a href="{$base}?verb=GetRecord&amp;metadataPrefix={$format}&amp;identifier={oai:identifier}">
        <xsl:value-of select="oai:identifier"/>
      </a>
    </h2>
    <p class="quiet">
      <xsl:value-of select="oai:datestamp"/>
      <xsl:for-each select="oai:setSpec">
        <xsl:text> · </xsl:text>
        <a href="{$base}?verb=ListRecords&amp;metadataPrefix={$format}&amp;set={.}">
          <xsl:value-of select="."/>
        </a>
      </xsl:for-each>
      <xsl:if test="@status"><xsl:text> · </xsl:text><strong class="mark">deleted</strong></xsl:if>
    </p>
  </xsl:template>

  <xsl:template match="oai:resumptionToken">
    <p class="quiet">
      From record <xsl:value-of select="@cursor + 1"/> of <xsl:value-of select="@completeListSize"/>.
      <xsl:if test="string(.)">
        <a href="{$base}?verb={local-name(..)}&amp;resumptionToken={.}">Next page</a>
      </xsl:if>
    </p>
  </xsl:template>
</xsl:stylesheet>
